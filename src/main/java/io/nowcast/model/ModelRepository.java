package io.nowcast.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The model folders below some directories. A folder that is broken is reported with its reason and
 * does not hide the others; a folder in a later directory replaces one of the same name in an
 * earlier one.
 */
public final class ModelRepository {

    /** The manifest's name in a model folder. */
    public static final String MANIFEST = "model.yaml";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    private final List<Path> directories;

    public ModelRepository(List<Path> directories) {
        this.directories = List.copyOf(directories);
    }

    /**
     * What the directories hold now.
     *
     * @throws ModelException if a directory cannot be listed
     */
    public Contents scan() {
        Map<String, ModelFolder> folders = new TreeMap<>();
        Map<String, String> broken = new LinkedHashMap<>();
        folders()
                .forEach((name, folder) -> {
                    try {
                        folders.put(name, open(name, folder));
                    } catch (ModelException problem) {
                        broken.put(name, String.valueOf(problem.getMessage()));
                    }
                });
        return new Contents(List.copyOf(folders.values()), Map.copyOf(broken));
    }

    /**
     * The folders that there are now, sound or not, by name.
     *
     * @throws ModelException if a directory cannot be listed
     */
    public SortedMap<String, Path> folders() {
        SortedMap<String, Path> folders = new TreeMap<>();
        for (Path directory : directories) {
            subfolders(directory)
                    .forEach(folder -> folders.put(folder.getFileName().toString(), folder));
        }
        return folders;
    }

    private static List<Path> subfolders(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return new ArrayList<>(
                    entries.filter(entry -> !entry.getFileName().toString().startsWith("."))
                            .filter(Files::isDirectory)
                            .sorted()
                            .toList());
        } catch (IOException | UncheckedIOException problem) {
            throw new ModelException(
                    "nowcast.models.directory is %s; expected a folder that can be listed"
                            .formatted(directory),
                    problem);
        }
    }

    /**
     * Reads and checks a model folder.
     *
     * @throws ModelException saying what is wrong with it; whatever that is, it must not keep the
     *     other folders from being served
     */
    static ModelFolder open(String name, Path folder) {
        try {
            return check(name, folder);
        } catch (ModelException problem) {
            throw problem;
        } catch (RuntimeException problem) {
            throw new ModelException("the folder cannot be read: " + problem, problem);
        }
    }

    private static ModelFolder check(String name, Path folder) {
        if (!NAME.matcher(name).matches()) {
            throw new ModelException(
                    "a model's folder is named by letters, digits, '.', '_' and '-', at most 63 of them");
        }
        Path manifest = folder.resolve(MANIFEST);
        if (!Files.isRegularFile(manifest)) {
            throw new ModelException("there is no " + MANIFEST + " in the folder");
        }
        ModelFolder model = new ModelFolder(name, folder, ModelManifestReader.read(manifest));
        for (Path weights : model.weights().values()) {
            if (!Files.isRegularFile(weights)) {
                throw new ModelException(
                        MANIFEST
                                + " names the weights '"
                                + weights.getFileName()
                                + "', which are not in the folder");
            }
        }
        model.precisionSample()
                .filter(sample -> !Files.isRegularFile(sample))
                .ifPresent(sample -> {
                    throw new ModelException(
                            "%s names precision.sample '%s', which is not in the folder"
                                    .formatted(MANIFEST, sample.getFileName()));
                });
        return model;
    }

    /**
     * Outcome of a {@link #scan()}.
     *
     * @param folders the sound model folders, by name
     * @param broken the reason why each other folder cannot be served, by name
     */
    public record Contents(List<ModelFolder> folders, Map<String, String> broken) {}
}
