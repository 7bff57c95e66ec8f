package io.nowcast.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * What is kept of a key. A plain SHA-256 is enough: keys are 256 random bits, which no one can go
 * through; a slow hash protects passwords that people think of, and would let anyone who sends
 * wrong keys use up the processor.
 */
final class KeyHash {

    static final String PREFIX = "sha256:";

    private static final Pattern TEXT = Pattern.compile("sha256:[0-9a-f]{64}");

    private KeyHash() {}

    static byte[] of(String key) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    static String text(byte[] hash) {
        return PREFIX + HexFormat.of().formatHex(hash);
    }

    static boolean isText(String text) {
        return TEXT.matcher(text).matches();
    }

    static byte[] parse(String text) {
        return HexFormat.of().parseHex(text, PREFIX.length(), text.length());
    }
}
