package io.nowcast.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** The model in the box, for tests that serve it under another manifest. */
public final class BundledModel {

    private static final Path FOLDER = Path.of("src/main/resources/models/radar-convgru");

    private BundledModel() {}

    /**
     * Copies it to a folder of its own.
     *
     * @param change what the copy's manifest is made of the original's
     */
    public static void copy(Path models, String name, UnaryOperator<String> change)
            throws IOException {
        Path folder = Files.createDirectories(models.resolve(name));
        Files.copy(FOLDER.resolve("weights.pth"), folder.resolve("weights.pth"));
        Files.writeString(
                folder.resolve("model.yaml"),
                change.apply(Files.readString(FOLDER.resolve("model.yaml"))));
    }
}
