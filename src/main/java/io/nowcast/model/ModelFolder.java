package io.nowcast.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * A model on disk: a folder with {@code model.yaml} and the weights that it names.
 *
 * @param name the folder's name, by which clients ask for the model
 */
public record ModelFolder(String name, Path folder, ModelManifest manifest) {

    /** The files of the weights by part, in the order of the parts. */
    public SequencedMap<String, Path> weights() {
        SequencedMap<String, Path> files = new TreeMap<>();
        manifest.weights().byPart().forEach((part, file) -> files.put(part, folder.resolve(file)));
        return files;
    }

    /** The observed frames that a reduced precision is tried with, where the manifest names any. */
    public Optional<Path> precisionSample() {
        return manifest.precision().flatMap(ModelPrecision::sample).map(folder::resolve);
    }

    /** Every file that the model is made of, its manifest last. */
    List<Path> files() {
        List<Path> files = new ArrayList<>(weights().values());
        precisionSample().ifPresent(files::add);
        files.add(folder.resolve(ModelRepository.MANIFEST));
        // Parts may lie in the same file.
        return files.stream().distinct().toList();
    }
}
