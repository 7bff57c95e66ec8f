package io.nowcast.testing;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A small network with what PyTorch computed for it, one folder of those that {@code
 * networks/make_fixtures.py} writes.
 */
public record NetworkFixture(Path folder) {

    private static final Path ALL = Path.of("src/test/resources/networks");

    public static List<NetworkFixture> all() throws IOException {
        try (Stream<Path> paths = Files.walk(ALL)) {
            return paths.filter(path -> Files.exists(path.resolve("input.npy")))
                    .sorted()
                    .map(NetworkFixture::new)
                    .toList();
        }
    }

    public static NetworkFixture named(String name) {
        return new NetworkFixture(ALL.resolve(name));
    }

    /** Whether there is an input on another grid. */
    public boolean fitsAnyGrid() {
        return Files.exists(folder.resolve("other-input.npy"));
    }

    public NumpyFile array(String name) {
        return NumpyFile.read(folder.resolve(name + ".npy"));
    }

    /** The files of the weights by part. */
    public SequencedMap<String, Path> weights() {
        SequencedMap<String, Path> weights = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(file -> file.toString().matches(".*\\.(pth|pt|ckpt|safetensors)"))
                    .forEach(file -> {
                        String name = file.getFileName().toString().replaceAll("\\..*", "");
                        weights.put(name.equals("weights") ? "" : name, file);
                    });
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        return weights;
    }

    /** What a manifest must say of the network. */
    public Map<String, String> choices() {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(folder.resolve("network.properties"))) {
            properties.load(reader);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        return properties.stringPropertyNames().stream()
                .collect(Collectors.toMap(name -> name, properties::getProperty));
    }

    @Override
    public String toString() {
        return ALL.relativize(folder).toString();
    }
}
