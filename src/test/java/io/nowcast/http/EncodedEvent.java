package io.nowcast.http;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nowcast.testing.NumpyFile;
import io.nowcast.testing.ZipFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The same real radar frames in five encodings. */
final class EncodedEvent {

    private static final Path FOLDER =
            Path.of(System.getProperty("nowcast.shared", "../shared"), "radar", "fixtures");
    private static final String SAMPLE = "/radar/fmi_20160928_5x64x64";

    private final String name;
    private final boolean shared;

    private EncodedEvent(String name, boolean shared) {
        this.name = name;
        this.shared = shared;
    }

    /** The project's own sample, five frames of 64x64. */
    static EncodedEvent sample() {
        return new EncodedEvent(SAMPLE, false);
    }

    /** One beside the project, fifteen frames of 128x128; skips the test where there is none. */
    static EncodedEvent shared(String event) {
        assumeTrue(Files.isDirectory(FOLDER), "real radar frames are absent: " + FOLDER);
        return new EncodedEvent(event, true);
    }

    /** An array, by the end of its file's name. */
    Body npy(String encoding) {
        return Body.npy(
                shared
                        ? file(FOLDER.resolve(name + "_15x128x128_" + encoding + ".npy"))
                        : resource(name + "_" + encoding + ".npy"));
    }

    /** The sample's rain rates {@code [5, 64, 64]} in mm/h. */
    static NumpyFile rain() {
        return NumpyFile.parse(sample().npy("mmh_f32").bytes());
    }

    Body zip(String encoding) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (byte[] image : images(encoding)) {
            entries.put("frame%d.png".formatted(entries.size()), image);
        }
        return Body.zip(ZipFile.deflated(entries));
    }

    Body multipart(String encoding) {
        return Body.multipart("frames", images(encoding));
    }

    List<byte[]> images(String encoding) {
        return shared
                ? files(FOLDER.resolve(name + "_" + encoding))
                : unzip(resource(name + "_" + encoding + ".zip"));
    }

    private static List<byte[]> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().map(EncodedEvent::file).toList();
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private static List<byte[]> unzip(byte[] archive) {
        List<byte[]> entries = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries.add(zip.readAllBytes());
            }
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        return entries;
    }

    private static byte[] file(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private static byte[] resource(String name) {
        try (InputStream in = EncodedEvent.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalArgumentException("no resource " + name);
            }
            return in.readAllBytes();
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }
}
