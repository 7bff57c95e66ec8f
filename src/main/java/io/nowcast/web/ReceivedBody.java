package io.nowcast.web;

/** A body that was read: its bytes, inflated where they came compressed. Nothing is copied. */
final class ReceivedBody {

    private final byte[] bytes;
    private final String digest;

    ReceivedBody(byte[] bytes, String digest) {
        this.bytes = bytes;
        this.digest = digest;
    }

    byte[] bytes() {
        return bytes;
    }

    /** SHA-256 of the body as it was sent, in hexadecimal. */
    String digest() {
        return digest;
    }
}
