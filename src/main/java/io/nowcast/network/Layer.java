package io.nowcast.network;

/** A feed-forward step on one frame of features {@code [B, C, H, W]}. */
public sealed interface Layer
        permits Convolution, Layer.Activate, Layer.SpaceToDepth, Layer.DepthToSpace {

    /** Applies a function to every element. */
    record Activate(Activation activation) implements Layer {}

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
