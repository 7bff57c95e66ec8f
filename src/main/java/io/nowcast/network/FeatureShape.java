package io.nowcast.network;

/**
 * The shape of features relative to a frame.
 *
 * @param channels number of channels
 * @param shrinkage by how much height and width are smaller than the frame's
 */
record FeatureShape(int channels, int shrinkage) {

    FeatureShape withChannels(int other) {
        return new FeatureShape(other, shrinkage);
    }
}
