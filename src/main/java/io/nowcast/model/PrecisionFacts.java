package io.nowcast.model;

import java.util.Optional;

/**
 * The number format of a loaded model.
 *
 * @param asked what the manifest asked for: {@code float32}, {@code bf16}, {@code fp16} or {@code
 *     auto}
 * @param used the format that its convolutions compute in
 * @param error of the reduced format that was tried; empty where none was
 */
public record PrecisionFacts(String asked, String used, Optional<Deviation> error) {

    /** Float32, asked for and used. */
    public static final PrecisionFacts FLOAT32 =
            new PrecisionFacts("float32", "float32", Optional.empty());

    /**
     * How far a forecast of the manifest's sample, or of artificial rain where it has none, was
     * from that of float32, as shares of the range of float32's answer.
     *
     * @param format the reduced format
     * @param largest of any pixel
     * @param mean of all pixels
     * @param tolerance for the largest
     */
    public record Deviation(String format, double largest, double mean, double tolerance) {

        /** Whether the format is accurate enough; not if anything was not a number. */
        public boolean fitsTolerance() {
            return largest <= tolerance;
        }
    }
}
