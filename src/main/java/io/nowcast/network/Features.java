package io.nowcast.network;

import java.util.List;
import java.util.Optional;

/**
 * What a network computes from one frame, as an expression over that frame. An expression may be
 * used in several places: it is computed once a time step.
 */
public sealed interface Features {

    /** The frame itself, {@code [B, C, H, W]}. */
    record Frame() implements Features {}

    /** Layers, applied in order. */
    record Through(Features input, List<Layer> layers) implements Features {
        public Through {
            layers = List.copyOf(layers);
        }
    }

    /** The channels of several features side by side. */
    record Joined(List<Features> parts) implements Features {
        public Joined {
            parts = List.copyOf(parts);
        }
    }

    /** Element-wise sum. */
    record Sum(Features first, Features second) implements Features {}

    /**
     * The hidden state of a cell after its step. The object is the memory: used in two passes of a
     * network, it goes on in the second where the first left off.
     */
    final class Recurrent implements Features {

        private final Optional<Features> input;
        private final Cell cell;
        private final Optional<Features> start;

        private Recurrent(Optional<Features> input, Cell cell, Optional<Features> start) {
            if (input.isPresent() != cell.takesInput()) {
                throw new IllegalArgumentException(
                        "a cell that takes %s input was given %s"
                                .formatted(
                                        cell.takesInput() ? "an" : "no",
                                        input.isPresent() ? "one" : "none"));
            }
            if (start.isPresent()
                    && start.get() instanceof Recurrent from
                    && from.cell().getClass() != cell.getClass()) {
                throw new IllegalArgumentException(
                        "a %s cannot start from the state of a %s"
                                .formatted(
                                        cell.getClass().getSimpleName(),
                                        from.cell().getClass().getSimpleName()));
            }
            this.input = input;
            this.cell = cell;
            this.start = start;
        }

        /** A cell that starts from zeros. */
        public static Recurrent fromZero(Features input, Cell cell) {
            return new Recurrent(Optional.of(input), cell, Optional.empty());
        }

        /**
         * A cell of the forecast pass that starts from what the observation pass left: the whole
         * state of another cell of its kind, or features as the hidden state of a GRU.
         */
        public static Recurrent startingFrom(Features start, Optional<Features> input, Cell cell) {
            return new Recurrent(input, cell, Optional.of(start));
        }

        public Optional<Features> input() {
            return input;
        }

        public Cell cell() {
            return cell;
        }

        public Optional<Features> start() {
            return start;
        }
    }
}
