package io.nowcast.network;

/** A feed-forward step on one frame of features {@code [B, C, H, W]}. */
public sealed interface Layer
        permits Convolution,
                Layer.Activate,
                Layer.Scale,
                Layer.Channel,
                Layer.GroupNorm,
                Layer.LayerNorm,
                Layer.SpaceToDepth,
                Layer.DepthToSpace {

    /** Applies a function to every element. */
    record Activate(Activation activation) implements Layer {}

    /** Multiplies every element. */
    record Scale(double factor) implements Layer {}

    /** Keeps one channel. */
    record Channel(int index) implements Layer {}

    /**
     * Group normalisation (Wu and He 2018, arXiv:1803.08494): mean and variance of each group of
     * channels of each frame. With as many groups as channels this is batch normalisation with the
     * statistics of the frame itself.
     *
     * @param weight {@code [C]}
     * @param bias {@code [C]}
     */
    record GroupNorm(int groups, WeightTensor weight, WeightTensor bias, double epsilon)
            implements Layer {
        public GroupNorm {
            if (weight.size(0) % groups != 0) {
                throw new IllegalArgumentException(
                        "%d channels cannot be normalised in %d groups"
                                .formatted(weight.size(0), groups));
            }
        }
    }

    /**
     * Layer normalisation over channels and grid (Ba et al. 2016, arXiv:1607.06450). Its weights
     * belong to one grid.
     *
     * @param weight {@code [C, H, W]}
     * @param bias {@code [C, H, W]}
     */
    record LayerNorm(WeightTensor weight, WeightTensor bias, double epsilon) implements Layer {}

    /**
     * {@code [C, H·b, W·b]} to {@code [C·b·b, H, W]}, channel order of {@code
     * torch.pixel_unshuffle}.
     */
    record SpaceToDepth(int block) implements Layer {}

    /**
     * {@code [C·b·b, H, W]} to {@code [C, H·b, W·b]}, channel order of {@code torch.pixel_shuffle}.
     */
    record DepthToSpace(int block) implements Layer {}
}
