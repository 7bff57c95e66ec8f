package io.nowcast.engine;

import io.nowcast.codec.CodecException;
import io.nowcast.codec.CodecLimits;
import io.nowcast.codec.DecodingRules;
import io.nowcast.codec.FrameCodec;
import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.ModelFrames;
import io.nowcast.frames.PixelEncoding;
import io.nowcast.frames.PixelEncodings;
import io.nowcast.frames.RainUnit;
import io.nowcast.model.ModelException;
import io.nowcast.model.ModelFolder;
import io.nowcast.model.ModelManifest;
import io.nowcast.model.ModelPrecision;
import io.nowcast.model.NowcastModel;
import io.nowcast.model.PrecisionFacts;
import io.nowcast.network.RecurrentNetwork;
import io.nowcast.torchscript.NumberFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * Chooses a model's number format: runs it in float32 and in the reduced format on the manifest's
 * sample, or {@link ArtificialRain} of the first grid that it warms up, and compares. No two copies
 * are held at once.
 */
final class PrecisionCheck {

    /** Far more than radar needs, and little enough for any heap. */
    private static final CodecLimits SAMPLE_LIMITS =
            new CodecLimits(256 << 20, 1000, 1, 100_000_000, 1000);

    private final ModelFolder folder;
    private final ModelManifest manifest;
    private final ModelPrecision precision;
    private final RecurrentNetwork network;

    PrecisionCheck(ModelFolder folder, RecurrentNetwork network) {
        this.folder = folder;
        this.manifest = folder.manifest();
        this.precision = manifest.precision().orElse(ModelPrecision.DEFAULT);
        this.network = network;
    }

    /**
     * The format to serve the model in.
     *
     * @param fast whether the device computes fast in bf16
     * @param loading loads a copy in a format
     * @throws ModelException if the format that is asked for is not accurate enough and the
     *     manifest wants nothing else
     */
    Choice choose(boolean fast, Function<NumberFormat, NowcastModel> loading) {
        NumberFormat reduced =
                switch (precision.asked()) {
                    case FLOAT32 -> NumberFormat.FLOAT32;
                    case BF16 -> NumberFormat.BF16;
                    case FP16 -> NumberFormat.FP16;
                    case AUTO -> fast ? NumberFormat.BF16 : NumberFormat.FLOAT32;
                };
        if (reduced == NumberFormat.FLOAT32) {
            return choice(NumberFormat.FLOAT32, Optional.empty());
        }
        ModelFrames frames = input();
        PrecisionFacts.Deviation error =
                error(
                        name(reduced),
                        forecast(frames, NumberFormat.FLOAT32, loading),
                        forecast(frames, reduced, loading));
        if (error.fitsTolerance()) {
            return choice(reduced, Optional.of(error));
        }
        if (precision.fallsBack()) {
            return choice(NumberFormat.FLOAT32, Optional.of(error));
        }
        throw new ModelException(
                "%s differs from float32 by %.2g of the answer's range, precision.tolerance is %.2g; ask for float32, or allow it by precision.otherwise: float32"
                        .formatted(name(reduced), error.largest(), error.tolerance()));
    }

    private ModelFrames input() {
        FrameSequence observed =
                folder.precisionSample().map(this::sample).orElseGet(this::artificial);
        int length = manifest.frames().input();
        if (observed.length() < length) {
            throw new ModelException(
                    "precision.sample has %d frames, the model reads %d"
                            .formatted(observed.length(), length));
        }
        return manifest.normalised(observed, observed.grid().roundedUpTo(network.gridMultiple()));
    }

    private FrameSequence sample(Path file) {
        PixelEncodings encodings = manifest.pixelEncodings();
        DecodingRules rules =
                new DecodingRules(
                        RainUnit.MILLIMETRES_PER_HOUR,
                        encodings.eightBit(),
                        encodings.sixteenBit(),
                        PixelEncoding.identity(RainUnit.MILLIMETRES_PER_HOUR),
                        OptionalDouble.empty());
        try {
            if (Files.size(file) > SAMPLE_LIMITS.expandedBytes()) {
                throw new ModelException(
                        "precision.sample has %d bytes, the limit is %d"
                                .formatted(Files.size(file), SAMPLE_LIMITS.expandedBytes()));
            }
            return new FrameCodec(SAMPLE_LIMITS)
                    .decode(Files.readAllBytes(file), rules)
                    .sequences()
                    .getFirst();
        } catch (IOException | CodecException problem) {
            throw new ModelException(
                    "precision.sample, %s, cannot be read: %s"
                            .formatted(file.getFileName(), problem.getMessage()),
                    problem);
        }
    }

    private FrameSequence artificial() {
        GridShape grid =
                manifest.warmUpGrids(network.onlyGrid()).stream()
                        .findFirst()
                        .orElseGet(manifest.gridLimits()::usualGrid);
        return ArtificialRain.frames(manifest.frames().input(), grid);
    }

    private float[] forecast(
            ModelFrames frames, NumberFormat format, Function<NumberFormat, NowcastModel> loading) {
        try (NowcastModel model = loading.apply(format)) {
            return model.predict(List.of(frames), manifest.frames().output()).getFirst().values();
        }
    }

    private PrecisionFacts.Deviation error(String format, float[] exact, float[] reduced) {
        double lowest = Double.POSITIVE_INFINITY;
        double highest = Double.NEGATIVE_INFINITY;
        double largest = 0;
        double sum = 0;
        for (int index = 0; index < exact.length; index++) {
            lowest = Math.min(lowest, exact[index]);
            highest = Math.max(highest, exact[index]);
            double difference = Math.abs((double) exact[index] - reduced[index]);
            // Written so that NaN stays: it is above every tolerance.
            largest = difference <= largest ? largest : difference;
            sum += difference;
        }
        double range = highest > lowest ? highest - lowest : 1;
        return new PrecisionFacts.Deviation(
                format, largest / range, sum / exact.length / range, precision.largestError());
    }

    private Choice choice(NumberFormat format, Optional<PrecisionFacts.Deviation> error) {
        return new Choice(
                format, new PrecisionFacts(precision.asked().toString(), name(format), error));
    }

    private static String name(NumberFormat format) {
        return switch (format) {
            case FLOAT32 -> "float32";
            case BF16 -> "bf16";
            case FP16 -> "fp16";
        };
    }

    /** A format and what is told of it. */
    record Choice(NumberFormat format, PrecisionFacts facts) {}
}
