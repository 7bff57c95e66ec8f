package io.nowcast.security;

/** A file of keys that cannot be used. The message holds nothing of what is in the file. */
final class ApiKeyFileException extends RuntimeException {
    ApiKeyFileException(String message) {
        super(message);
    }
}
