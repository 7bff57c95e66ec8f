package io.nowcast.model;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The model in the box. It lies among the resources of the service and is read like anyone's model
 * folder.
 */
final class BundledModel {

    private static final String NAME = "radar-convgru";
    private static final List<String> FILES = List.of(ModelRepository.MANIFEST, "weights.pth");

    private BundledModel() {}

    /**
     * The directory that holds the bundled model's folder: the resources themselves where they are
     * files, else a copy in the temporary directory that is removed when the process ends.
     */
    static Path directory() {
        URL manifest = resource(ModelRepository.MANIFEST);
        try {
            return manifest.getProtocol().equals("file")
                    ? parent(Path.of(new URI(manifest.toString())))
                    : unpacked();
        } catch (URISyntaxException | IOException problem) {
            throw new ModelException("the bundled model cannot be unpacked", problem);
        }
    }

    private static Path parent(Path manifest) {
        return manifest.resolve("../..").normalize();
    }

    private static Path unpacked() throws IOException {
        Path directory = Files.createTempDirectory("nowcast-models");
        Path folder = Files.createDirectory(directory.resolve(NAME));
        directory.toFile().deleteOnExit();
        folder.toFile().deleteOnExit();
        for (String name : FILES) {
            Path file = folder.resolve(name);
            file.toFile().deleteOnExit();
            try (InputStream content = resource(name).openStream()) {
                Files.copy(content, file);
            }
        }
        return directory;
    }

    private static URL resource(String name) {
        URL resource = BundledModel.class.getResource("/models/" + NAME + "/" + name);
        if (resource == null) {
            throw new ModelException("the bundled model has no " + name);
        }
        return resource;
    }
}
