package io.nowcast.scaling;

import java.util.Locale;

/**
 * What a network gets where data are missing, and where its answer is missing; the manifest of a
 * model declares it.
 *
 * @param filling what stands at a missing pixel
 * @param fill the model number of {@link Filling#NUMBER}, and of frames without any data
 * @param maskChannel whether a second channel tells the network which pixels were observed (1) and
 *     which not (0)
 * @param coverage of the answer
 */
public record MissingData(Filling filling, float fill, boolean maskChannel, Coverage coverage) {

    /** A fixed number at every missing pixel, and the coverage that was observed. */
    public MissingData(float fill, boolean maskChannel) {
        this(Filling.NUMBER, fill, maskChannel, Coverage.KEPT);
    }

    /** Channels of a model frame: rain, and the mask where there is one. */
    public int channels() {
        return maskChannel ? 2 : 1;
    }

    /** Kinds of coverage that an answer can have. */
    public enum Coverage {
        /** That of the last observed frame. */
        KEPT,
        /** That of the last observed frame, moved with the mean motion of the rain. */
        ADVECTED;

        /** As manifests write it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
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
