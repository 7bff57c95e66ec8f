package io.nowcast.web;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The SHA-256 of what a client sent, piece by piece. Belongs to the thread of the request. */
final class InputDigest {

    private final MessageDigest digest;
    private long length;

    InputDigest() {
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    static String of(byte[] body) {
        InputDigest digest = new InputDigest();
        digest.add(body);
        return digest.hexadecimal();
    }

    void add(byte[] piece) {
        digest.update(piece);
        length += piece.length;
    }

    /** Bytes of all pieces so far. */
    long length() {
        return length;
    }

    /** Of all pieces; nothing is added any more. */
    String hexadecimal() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
