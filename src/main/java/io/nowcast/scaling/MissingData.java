package io.nowcast.scaling;

/**
 * What a network gets where data are missing; the manifest of a model declares it.
 *
 * @param filling what stands at a missing pixel
 * @param fill the model number of {@link Filling#NUMBER}, and of frames without any data
 * @param maskChannel whether a second channel tells the network which pixels were observed (1) and
 *     which not (0)
 */
public record MissingData(Filling filling, float fill, boolean maskChannel) {

    /** A fixed number at every missing pixel. */
    public MissingData(float fill, boolean maskChannel) {
        this(Filling.NUMBER, fill, maskChannel);
    }

    /** Channels of a model frame: rain, and the mask where there is one. */
    public int channels() {
        return maskChannel ? 2 : 1;
    }

    /** Kinds of numbers that can stand at a missing pixel. */
    public enum Filling {
        /** A fixed number. */
        NUMBER,
        /** The mean of what the frame observed, in model numbers. */
        MEAN,
        /** The number of the nearest observed pixel. */
        NEAREST
    }
}
