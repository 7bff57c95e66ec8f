package io.nowcast.engine;

import io.nowcast.frames.GridShape;
import io.nowcast.frames.ModelFrames;
import io.nowcast.model.ModelException;
import io.nowcast.model.ModelManifest;
import io.nowcast.model.ModelPrecision;
import io.nowcast.model.NowcastModel;
import io.nowcast.model.PrecisionFacts;
import io.nowcast.network.RecurrentNetwork;
import io.nowcast.torchscript.NumberFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Chooses a model's number format: runs it in float32 and in the reduced format on {@link
 * ArtificialRain} of the first grid that it warms up, and compares. No two copies are held at once.
 */
final class PrecisionCheck {

    private final ModelManifest manifest;
    private final ModelPrecision precision;
    private final RecurrentNetwork network;

    PrecisionCheck(ModelManifest manifest, RecurrentNetwork network) {
        this.manifest = manifest;
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
        GridShape grid =
                manifest.warmUpGrids(network.onlyGrid()).stream()
                        .findFirst()
                        .orElseGet(manifest.gridLimits()::usualGrid);
        return manifest.normalised(
                ArtificialRain.frames(manifest.frames().input(), grid),
                grid.roundedUpTo(network.gridMultiple()));
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
