package io.nowcast.checkpoint;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 (FIPS 180-4) of bytes that may be more than one buffer can address. */
final class Sha256 {

    private static final long CHUNK = 1 << 26;

    private Sha256() {}

    /** The digest in lower-case hexadecimal. */
    static String of(MemorySegment bytes) {
        MessageDigest sha256 = instance();
        for (long at = 0; at < bytes.byteSize(); at += CHUNK) {
            long length = Math.min(CHUNK, bytes.byteSize() - at);
            sha256.update(bytes.asSlice(at, length).asByteBuffer());
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    /** The digest of a text in UTF-8. */
    static String of(String text) {
        return HexFormat.of().formatHex(instance().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest instance() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
