package io.nowcast.model;

import io.nowcast.frames.GridShape;
import java.util.Optional;

/**
 * What a model needs of memory and sees of a grid, as far as its layers are known.
 *
 * @param memory what a prediction takes beside the weights; absent where it is not known
 * @param sight how far a pixel of the answer sees; absent where it is not known
 */
public record Footprint(Optional<Memory> memory, Optional<Sight> sight) {

    /** Of a module of which only its owner knows the layers. */
    public static final Footprint UNKNOWN = new Footprint(Optional.empty(), Optional.empty());

    /** The memory of a prediction. */
    public interface Memory {

        /**
         * An upper bound of the bytes that a prediction takes at its peak, beside the weights.
         *
         * @param grid after padding
         * @param frames observed frames
         * @param steps lead steps
         */
        long bytes(GridShape grid, int frames, int steps);
    }

    /**
     * How far a pixel of the answer sees.
     *
     * @param once pixels to each side, through the layers
     * @param everyStep pixels more with every frame and lead step
     * @param bounded whether that is all: content that is moved along a motion comes from further
     * @param wholeGrid whether it sees the whole grid besides, through statistics over it
     */
    public record Sight(int once, int everyStep, boolean bounded, boolean wholeGrid) {

        /** Pixels to each side, where they are bounded. */
        public Optional<Integer> reach(int frames, int steps) {
            return bounded && !wholeGrid
                    ? Optional.of(once + everyStep * (frames + steps))
                    : Optional.empty();
        }
    }
}
