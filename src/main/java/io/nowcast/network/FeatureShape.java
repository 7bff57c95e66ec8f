package io.nowcast.network;

/**
 * The shape of features relative to a frame.
 *
 * @param channels number of channels
 * @param shrinkage by how much height and width are smaller than the frame's
 */
record FeatureShape(int channels, int shrinkage) {

    /** Sides of a frame are multiples of it: far more than any grid has. */
    static final int MOST_SHRINKAGE = 1 << 16;

    FeatureShape {
        if (shrinkage < 1 || shrinkage > MOST_SHRINKAGE) {
            throw new IllegalArgumentException(
                    "features are at 1/1 to 1/%d of the frame's resolution, these would be beyond"
                            .formatted(MOST_SHRINKAGE));
        }
    }

    FeatureShape withChannels(int other) {
        return new FeatureShape(other, shrinkage);
    }
}
