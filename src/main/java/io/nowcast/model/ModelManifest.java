package io.nowcast.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.ModelFrames;
import io.nowcast.frames.PixelEncoding;
import io.nowcast.frames.PixelEncodings;
import io.nowcast.frames.RainUnit;
import io.nowcast.scaling.MissingData;
import io.nowcast.scaling.ModelScale;
import io.nowcast.scaling.RainScaling;
import io.nowcast.scaling.UnusableValuesException;
import io.nowcast.scaling.ZrRelation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * {@code model.yaml}: everything about a model that its weights do not say. Each part checks itself
 * and says what it expected; {@link ModelManifestReader} adds the file and the line.
 *
 * @param description one sentence for people
 * @param weights the file or files of the weights, beside the manifest
 * @param network choices that the keys of a checkpoint leave open, by name
 * @param frames how many frames go in and come out
 * @param interval time between two frames
 * @param grid the grids that are served
 * @param scaling the model's number range
 * @param missing what the network gets where data are missing, and where its answer is
 * @param encodings how integer frames are meant that come without their own encoding
 * @param warmUp grids that are run before the service reports ready
 * @param resample whether frames at other times may be interpolated to the interval, if a request
 *     asks for that; false where absent
 * @param precision the number format of its convolutions; float32 where absent
 */
public record ModelManifest(
        Optional<String> description,
        WeightFiles weights,
        Optional<Map<String, String>> network,
        Frames frames,
        Duration interval,
        Optional<ServedGrids> grid,
        Scaling scaling,
        Missing missing,
        Optional<Encodings> encodings,
        Optional<List<String>> warmUp,
        Optional<Boolean> resample,
        Optional<ModelPrecision> precision) {

    public ModelManifest {
        required("weights", weights);
        required("frames", frames);
        required("interval", interval);
        required("scaling", scaling);
        required("missing", missing);
        if (!interval.isPositive()) {
            throw new IllegalArgumentException("interval must be positive, got " + interval);
        }
        network.ifPresent(
                choices -> choices.forEach((name, value) -> required("network." + name, value)));
        warmUp.ifPresent(grids -> grids.forEach(text -> required("warm-up", text)));
        warmUp.ifPresent(grids -> grids.forEach(GridShape::parse));
    }

    /** What the manifest says of the network where the weights do not tell. */
    public Map<String, String> choices() {
        return network.orElse(Map.of());
    }

    /**
     * The grids to warm up. Where the manifest has none: the only grid that the model takes, else
     * 128x128, as far as the manifest's limits allow.
     */
    public List<GridShape> warmUpGrids(Optional<GridShape> onlyGrid) {
        return warmUp.map(grids -> grids.stream().map(GridShape::parse).toList())
                .orElseGet(() -> List.of(onlyGrid.orElse(gridLimits().usualGrid())));
    }

    /** The grids that are served; the defaults where the manifest has none. */
    public ServedGrids gridLimits() {
        return grid.orElseGet(ServedGrids::usual);
    }

    /** Channels C of the frames that the network reads. */
    public int inputChannels() {
        return missing.maskChannel() ? 2 : 1;
    }

    /** How this model's numbers stand for rain. */
    public RainScaling rainScaling() {
        ModelScale scale = scaling.scale();
        return new RainScaling(scale, scaling.relation(), missing.toMissingData(scale), interval);
    }

    /**
     * The last frames that the network reads, as it sees them, in the corner of a larger grid.
     *
     * @throws ModelException if a value is no rain
     */
    public ModelFrames normalised(FrameSequence observed, GridShape padded) {
        try {
            return rainScaling().normalise(observed, frames.input(), padded);
        } catch (UnusableValuesException problem) {
            throw new ModelException("the sample is unusable: " + problem.getMessage(), problem);
        }
    }

    /**
     * How integers without an encoding of their own are meant; rain in mm/h as it is where nothing
     * is declared.
     */
    public PixelEncodings pixelEncodings() {
        PixelEncoding plain = PixelEncoding.identity(RainUnit.MILLIMETRES_PER_HOUR);
        return new PixelEncodings(
                encodings.flatMap(Encodings::eightBit).map(Encoding::toPixelEncoding).orElse(plain),
                encodings
                        .flatMap(Encodings::sixteenBit)
                        .map(Encoding::toPixelEncoding)
                        .orElse(plain));
    }

    /** Whether frames at other times may be interpolated to the interval. */
    public boolean mayResample() {
        return resample.orElse(false);
    }

    private static void required(String name, @Nullable Object value) {
        if (value == null) {
            throw new IllegalArgumentException("'" + name + "' is missing");
        }
    }

    /**
     * How many frames go in and come out.
     *
     * @param input frames that the network reads
     * @param output lead steps of an answer where the request does not say
     * @param maximum lead steps that a request may ask for; the same as {@code output} where absent
     */
    public record Frames(int input, int output, Optional<Integer> maximum) {
        public Frames {
            if (input < 1 || output < 1 || maximum.orElse(output) < output) {
                throw new IllegalArgumentException(
                        "frames need input >= 1 and 1 <= output <= maximum, got %d, %d and %s"
                                .formatted(
                                        input,
                                        output,
                                        maximum.map(Object::toString).orElse("none")));
            }
        }

        public int maximumOutput() {
            return maximum.orElse(output);
        }
    }

    /**
     * The model's number range.
     *
     * @param kind {@code linear-reflectivity} (minimum, maximum and dry-below in dBZ), {@code
     *     linear-rain} (divisor and maximum in mm/h), {@code log-rain} (offset, mean, deviation,
     *     maximum and dry-below in mm/h), {@code standard-score} (unit, mean, deviation, minimum,
     *     maximum and dry-below) or {@code hko-7}, which is dBZ = 70 p - 10
     * @param zr the relation between dBZ and mm/h; where absent 200 and 1.6, for hko-7 its own
     *     58.53 and 1.56
     */
    public record Scaling(
            String kind,
            Optional<Double> minimum,
            Optional<Double> maximum,
            Optional<Double> dryBelow,
            Optional<Double> divisor,
            Optional<Double> offset,
            Optional<Double> mean,
            Optional<Double> deviation,
            Optional<String> unit,
            Optional<Zr> zr) {

        /** Shi et al. (2017), Deep Learning for Precipitation Nowcasting, and its public code. */
        private static final ZrRelation HKO_7 = new ZrRelation(58.53, 1.56);

        public Scaling {
            required("scaling.kind", kind);
        }

        ZrRelation relation() {
            return zr.map(given -> new ZrRelation(given.a(), given.b()))
                    .orElse(kind.equals("hko-7") ? HKO_7 : ZrRelation.MARSHALL_PALMER);
        }

        ModelScale scale() {
            return switch (kind) {
                case "linear-reflectivity" -> {
                    double lowest = minimum.orElseThrow(() -> absent("minimum"));
                    yield new ModelScale.LinearReflectivity(
                            lowest,
                            maximum.orElseThrow(() -> absent("maximum")),
                            dryBelow.orElse(lowest));
                }
                case "linear-rain" ->
                        new ModelScale.LinearRain(
                                divisor.orElseThrow(() -> absent("divisor")),
                                maximum.orElse(Double.MAX_VALUE));
                case "log-rain" ->
                        new ModelScale.LogRain(
                                offset.orElseThrow(() -> absent("offset")),
                                mean.orElse(0.0),
                                deviation.orElse(1.0),
                                maximum.orElse(Double.MAX_VALUE),
                                dryBelow.orElse(0.0));
                case "standard-score" -> {
                    RainUnit quantity =
                            unit.flatMap(RainUnit::ofSymbol).orElseThrow(() -> absent("unit"));
                    double lowest =
                            minimum.orElse(quantity == RainUnit.DBZ ? ZrRelation.NO_ECHO_DBZ : 0.0);
                    yield new ModelScale.StandardScore(
                            quantity,
                            mean.orElseThrow(() -> absent("mean")),
                            deviation.orElseThrow(() -> absent("deviation")),
                            lowest,
                            maximum.orElse(Double.MAX_VALUE),
                            dryBelow.orElse(lowest));
                }
                case "hko-7" -> new ModelScale.LinearReflectivity(-10, 60, dryBelow.orElse(-10.0));
                default ->
                        throw new IllegalArgumentException(
                                "scaling.kind is linear-reflectivity, linear-rain, log-rain, standard-score or hko-7, got '"
                                        + kind
                                        + "'");
            };
        }

        private IllegalArgumentException absent(String name) {
            return new IllegalArgumentException(
                    "scaling of kind " + kind + " needs '" + name + "'");
        }
    }

    /** Z = a R^b. */
    public record Zr(double a, double b) {}

    /**
     * What the network gets where data are missing.
     *
     * @param fill {@code dry}; {@code value} with the model number to put there; {@code mean} of
     *     what the frame observed; or {@code nearest}, the number of the nearest observed pixel
     * @param value the model number of {@code fill: value}
     * @param maskChannel whether the network has a second input channel, 1 where observed
     * @param limit largest share of missing pixels of a frame that is accepted, 1 where absent
     * @param coverage of the answer: {@code kept} is that of the last observed frame, also where
     *     absent; {@code advected} moves it with the mean motion of the rain
     */
    public record Missing(
            String fill,
            Optional<Double> value,
            boolean maskChannel,
            Optional<Double> limit,
            Optional<String> coverage) {

        public Missing {
            required("missing.fill", fill);
            if (!(limit.orElse(1.0) >= 0 && limit.orElse(1.0) <= 1)) {
                throw new IllegalArgumentException(
                        "missing.limit is a share from 0 to 1, got " + limit.orElse(1.0));
            }
        }

        public double largestShare() {
            return limit.orElse(1.0);
        }

        /** The coverage of the answer. */
        public MissingData.Coverage answerCoverage() {
            return switch (coverage.orElse("kept")) {
                case "kept" -> MissingData.Coverage.KEPT;
                case "advected" -> MissingData.Coverage.ADVECTED;
                default ->
                        throw new IllegalArgumentException(
                                "missing.coverage is 'kept' or 'advected', got '"
                                        + coverage.orElse("")
                                        + "'");
            };
        }

        MissingData toMissingData(ModelScale scale) {
            MissingData.Filling filling =
                    switch (fill) {
                        case "mean" -> MissingData.Filling.MEAN;
                        case "nearest" -> MissingData.Filling.NEAREST;
                        default -> MissingData.Filling.NUMBER;
                    };
            float number =
                    switch (fill) {
                        case "dry", "mean", "nearest" ->
                                scale.toModel(
                                        scale.unit() == RainUnit.DBZ ? ZrRelation.NO_ECHO_DBZ : 0);
                        case "value" ->
                                value.orElseThrow(() ->
                                                new IllegalArgumentException(
                                                        "missing.fill 'value' needs missing.value"))
                                        .floatValue();
                        default ->
                                throw new IllegalArgumentException(
                                        "missing.fill is 'dry', 'value', 'mean' or 'nearest', got '"
                                                + fill
                                                + "'");
                    };
            return new MissingData(filling, number, maskChannel, answerCoverage());
        }
    }

    /** Encodings by depth. */
    public record Encodings(
            @JsonProperty("8-bit") Optional<Encoding> eightBit,
            @JsonProperty("16-bit") Optional<Encoding> sixteenBit) {}

    /** See {@link PixelEncoding}. */
    public record Encoding(
            String unit, double scaleFactor, double addOffset, Optional<Double> fillValue) {

        public Encoding {
            required("unit", unit);
        }

        PixelEncoding toPixelEncoding() {
            RainUnit parsed =
                    RainUnit.ofSymbol(unit)
                            .orElseThrow(() ->
                                    new IllegalArgumentException(
                                            "an encoding's unit is mm/h, mm, dBZ or model, got '"
                                                    + unit
                                                    + "'"));
            OptionalDouble fill = fillValue.map(OptionalDouble::of).orElse(OptionalDouble.empty());
            return new PixelEncoding(parsed, scaleFactor, addOffset, fill);
        }
    }
}
