package io.nowcast.model;

/**
 * What is known of a model only once it was loaded.
 *
 * @param network the layout that was recognised in its weights, or {@code torchscript}
 * @param digest SHA-256 of the weights file, lower-case hexadecimal
 * @param parameters number of trained values, 0 where the engine does not tell
 * @param gridMultiple what height and width must be multiples of; smaller grids are padded
 * @param fixedSteps whether the model always answers its full number of steps
 * @param precision the number format that it computes in
 */
public record ModelFacts(
        String network,
        String digest,
        long parameters,
        int gridMultiple,
        boolean fixedSteps,
        String precision) {}
