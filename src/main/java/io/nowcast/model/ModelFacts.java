package io.nowcast.model;

import io.nowcast.frames.GridShape;
import java.util.Optional;

/**
 * What is known of a model only once it was loaded.
 *
 * @param network the layout that was recognised in its weights, or {@code torchscript}
 * @param digest SHA-256 of the weights file, lower-case hexadecimal; of several files, that of the
 *     lines {@code part digest}
 * @param parameters number of trained values, 0 where the engine does not tell
 * @param outputChannels channels of a forecast frame, 0 where only an answer will tell
 * @param gridMultiple what height and width must be multiples of; smaller grids are padded
 * @param onlyGrid the only grid that the model takes, where weights or a trace belong to one
 * @param fixedSteps whether the model always answers its full number of steps
 * @param precision the number format that it computes in, and how far it is from float32
 * @param footprint what it needs of memory and sees of a grid
 */
public record ModelFacts(
        String network,
        String digest,
        long parameters,
        int outputChannels,
        int gridMultiple,
        Optional<GridShape> onlyGrid,
        boolean fixedSteps,
        PrecisionFacts precision,
        Footprint footprint) {

    /** Facts of a model of whose layers and format nothing more is known. */
    public ModelFacts(
            String network,
            String digest,
            long parameters,
            int outputChannels,
            int gridMultiple,
            Optional<GridShape> onlyGrid,
            boolean fixedSteps,
            String precision) {
        this(
                network,
                digest,
                parameters,
                outputChannels,
                gridMultiple,
                onlyGrid,
                fixedSteps,
                new PrecisionFacts(precision, precision, Optional.empty()),
                Footprint.UNKNOWN);
    }
}
