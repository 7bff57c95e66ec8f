package io.nowcast.security;

/** A file of keys that cannot be used. The message holds nothing of what is in the file. */
abstract sealed class KeyFileException extends RuntimeException {

    private final String property;

    private KeyFileException(String property, String message) {
        super(message);
        this.property = property;
    }

    /** Which says where the file is. */
    String property() {
        return property;
    }

    /** The file of API keys. */
    static final class ApiKeys extends KeyFileException {
        ApiKeys(String message) {
            super("nowcast.security.keys.file", message);
        }
    }

    /** The public key of whoever issues tokens. */
    static final class PublicKey extends KeyFileException {
        PublicKey(String message) {
            super("nowcast.security.jwt.public-key", message);
        }
    }
}
