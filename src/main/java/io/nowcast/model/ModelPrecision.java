package io.nowcast.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The number format that a manifest asks for: a word, or {@code {format, tolerance, otherwise,
 * sample}}.
 *
 * @param format {@code float32}, {@code bf16}, {@code fp16}, or {@code auto}: bf16 where the device
 *     is fast in it, else float32
 * @param tolerance largest error of a reduced format on a forecast of the sample, as a share of the
 *     range of float32's answer; 0.02 where absent
 * @param otherwise what happens above the tolerance: {@code refuse} the model, or serve it in
 *     {@code float32}; {@code refuse} where absent, but always {@code float32} for {@code auto}
 * @param sample a file of observed frames beside the manifest, in any format that a request may
 *     have; artificial rain where absent
 */
public record ModelPrecision(
        String format,
        Optional<Double> tolerance,
        Optional<String> otherwise,
        Optional<String> sample) {

    /** What a manifest asks for that says nothing. */
    public static final ModelPrecision DEFAULT = of("float32");

    private static final double USUAL_TOLERANCE = 0.02;

    @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
    public ModelPrecision {
        requireOneOf("precision.format", Format.names(), format);
        otherwise.ifPresent(
                action -> requireOneOf("precision.otherwise", "refuse or float32", action));
        sample.ifPresent(file -> WeightFiles.requireBesideManifest("precision.sample", file));
        if (!(tolerance.orElse(USUAL_TOLERANCE) > 0)) {
            throw new IllegalArgumentException(
                    "precision.tolerance is a positive share of the answer's range, got "
                            + tolerance.orElse(USUAL_TOLERANCE));
        }
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static ModelPrecision of(String format) {
        return new ModelPrecision(format, Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static void requireOneOf(String entry, String allowed, String given) {
        if (!Arrays.asList(allowed.split(", | or ", -1)).contains(given)) {
            throw new IllegalArgumentException(
                    "%s is %s, got '%s'".formatted(entry, allowed, given));
        }
    }

    /** The format as a value. */
    public Format asked() {
        return Format.valueOf(format.toUpperCase(Locale.ROOT));
    }

    /** The largest share of the range by which a reduced format may be wrong. */
    public double largestError() {
        return tolerance.orElse(USUAL_TOLERANCE);
    }

    /** Whether a format that is not accurate enough is replaced by float32. */
    public boolean fallsBack() {
        return asked() == Format.AUTO || otherwise.orElse("refuse").equals("float32");
    }

    /** A number format, or the choice of one. */
    public enum Format {
        FLOAT32,
        BF16,
        FP16,
        AUTO;

        private static String names() {
            return Arrays.stream(values()).map(Format::toString).collect(Collectors.joining(", "));
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
