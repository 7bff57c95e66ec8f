package io.nowcast.codec;

import io.nowcast.frames.PixelEncoding;
import io.nowcast.frames.RainUnit;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The files that {@code make_fixtures.py} writes, and what to read them with. */
final class Fixtures {

    static final CodecLimits LIMITS = new CodecLimits(1 << 20, 64, 8, 1 << 16, 32);

    /** Integers are the physical values; the unit tells which encoding was taken. */
    static final DecodingRules PLAIN =
            new DecodingRules(
                    RainUnit.MILLIMETRES_PER_HOUR,
                    PixelEncoding.identity(RainUnit.DBZ),
                    PixelEncoding.identity(RainUnit.MILLIMETRES_PER_HOUR),
                    PixelEncoding.identity(RainUnit.MODEL),
                    OptionalDouble.empty());

    private Fixtures() {}

    static byte[] file(String name) {
        try (InputStream in = Fixtures.class.getResourceAsStream("/codec/" + name)) {
            if (in == null) {
                throw new IllegalArgumentException("no fixture " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The entries of a fixture that is a ZIP, by name, in their order. */
    static Map<String, byte[]> entries(String name) {
        return unzip(file(name));
    }

    static byte[] entry(String archive, String name) {
        return required(entries(archive), name);
    }

    static byte[] required(Map<String, byte[]> entries, String name) {
        byte[] content = entries.get(name);
        if (content == null) {
            throw new IllegalArgumentException("no entry " + name + " in " + entries.keySet());
        }
        return content;
    }

    static Map<String, byte[]> unzip(byte[] archive) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries.put(entry.getName(), zip.readAllBytes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return entries;
    }

    static DecodedFrames decode(byte[] body) {
        return new FrameCodec(LIMITS).decode(body, PLAIN);
    }
}
