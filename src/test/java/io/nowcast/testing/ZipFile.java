package io.nowcast.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Makes ZIP archives with the JDK's code, which is not what the service reads them with. */
public final class ZipFile {

    private ZipFile() {}

    /** These entries in their order, deflated. */
    public static byte[] deflated(Map<String, byte[]> entries) {
        return archive(entries, (name, _) -> new ZipEntry(name));
    }

    /** These entries in their order, as they are. */
    public static byte[] stored(Map<String, byte[]> entries) {
        return archive(entries, ZipFile::storedEntry);
    }

    private static byte[] archive(
            Map<String, byte[]> entries, BiFunction<String, byte[], ZipEntry> maker) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(maker.apply(entry.getKey(), entry.getValue()));
                zip.write(entry.getValue());
            }
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        return out.toByteArray();
    }

    /** Length and checksum stand before the content, as the format demands of what is stored. */
    private static ZipEntry storedEntry(String name, byte[] content) {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
        return entry;
    }
}
