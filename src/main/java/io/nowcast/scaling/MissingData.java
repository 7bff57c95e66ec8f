package io.nowcast.scaling;

/**
 * What a network gets where data are missing; the manifest of a model declares it.
 *
 * @param fill the model number that stands at a missing pixel
 * @param maskChannel whether a second channel tells the network which pixels were observed (1) and
 *     which not (0)
 */
public record MissingData(float fill, boolean maskChannel) {

    /** Channels of a model frame: rain, and the mask where there is one. */
    public int channels() {
        return maskChannel ? 2 : 1;
    }
}
