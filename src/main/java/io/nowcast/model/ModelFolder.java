package io.nowcast.model;

import java.nio.file.Path;

/**
 * A model on disk: a folder with {@code model.yaml} and the weights that it names.
 *
 * @param name the folder's name, by which clients ask for the model
 */
public record ModelFolder(String name, Path folder, ModelManifest manifest) {

    public Path weights() {
        return folder.resolve(manifest.weights());
    }
}
