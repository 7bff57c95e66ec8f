package io.nowcast.web;

/** A body that was read: its bytes, inflated where they came compressed. Nothing is copied. */
final class ReceivedBody {

    private final byte[] bytes;
    private final long sent;
    private final String digest;

    ReceivedBody(byte[] bytes, long sent, String digest) {
        this.bytes = bytes;
        this.sent = sent;
        this.digest = digest;
    }

    byte[] bytes() {
        return bytes;
    }

    /** Bytes of it as it was sent. */
    long sent() {
        return sent;
    }

    /** SHA-256 of the body as it was sent, in hexadecimal. */
    String digest() {
        return digest;
    }
}
