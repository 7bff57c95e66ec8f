package io.nowcast.network;

import io.nowcast.frames.GridShape;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A network that goes through time frame by frame: an observation pass over every observed frame,
 * then a forecast pass for every lead step.
 *
 * @param inputChannels channels of an observed frame
 * @param observer the observation pass; only its states outlive a frame. Absent where the forecast
 *     pass sees the observed frames itself
 * @param forecaster the forecast pass
 * @param feed what the forecast pass gets as its frame
 * @param readOut from the forecast pass's features to a frame
 */
public record StepwiseNetwork(
        int inputChannels,
        Optional<Features> observer,
        Features forecaster,
        Feed feed,
        ReadOut readOut)
        implements RecurrentNetwork {

    public StepwiseNetwork {
        NetworkShape shape = infer(inputChannels, observer, forecaster, feed, readOut);
        if (feed instanceof Feed.Prediction && shape.outputChannels() != inputChannels) {
            throw new IllegalArgumentException(
                    "a closed loop feeds its predictions back, but reads %d channels and predicts %d"
                            .formatted(inputChannels, shape.outputChannels()));
        }
    }

    private static NetworkShape infer(
            int channels,
            Optional<Features> observer,
            Features forecaster,
            Feed feed,
            ReadOut readOut) {
        ShapeInference inference = new ShapeInference(new FeatureShape(channels, 1));
        observer.ifPresent(inference::of);
        ShapeInference forecast =
                feed instanceof Feed.OwnFeatures(Features first)
                        ? inference.withFrame(inference.of(first))
                        : inference;
        FeatureShape features = forecast.of(forecaster);
        if (feed instanceof Feed.OwnFeatures(Features first)) {
            ShapeInference.requireEqual(
                    "what the first step is fed and its own features, which the next is fed",
                    inference.of(first),
                    features);
        }
        FeatureShape frame = forecast.after(readOut.layers(), features);
        return switch (readOut) {
            case ReadOut.Direct _ -> {
                requireShrinkage(1, frame);
                yield new NetworkShape(frame.channels(), inference);
            }
            case ReadOut.Advection advection -> {
                requireShrinkage(advection.block(), frame);
                requireChannels(advection, frame);
                yield new NetworkShape(1, inference);
            }
        };
    }

    private static void requireShrinkage(int expected, FeatureShape frame) {
        if (frame.shrinkage() != expected) {
            throw new IllegalArgumentException(
                    "the read-out is at 1/%d of the frame's resolution, expected 1/%d"
                            .formatted(frame.shrinkage(), expected));
        }
    }

    private static void requireChannels(ReadOut.Advection advection, FeatureShape frame) {
        int residuals = advection.block() * advection.block();
        if (frame.channels() != 2 + residuals) {
            throw new IllegalArgumentException(
                    "an advection in blocks of %d reads 2 channels of motion and %d of growth, got %d"
                            .formatted(advection.block(), residuals, frame.channels()));
        }
    }

    private NetworkShape infer() {
        return infer(inputChannels, observer, forecaster, feed, readOut);
    }

    @Override
    public int outputChannels() {
        return infer().outputChannels();
    }

    @Override
    public int gridMultiple() {
        return infer().shapes().gridMultiple();
    }

    @Override
    public Optional<GridShape> onlyGrid() {
        return infer().shapes().onlyGrid();
    }

    /** By how much the grid of each cell is smaller than the frame's, by the cell's memory. */
    public Map<Features.Recurrent, Integer> shrinkages() {
        Map<Features.Recurrent, Integer> shrinkages = new HashMap<>();
        infer().shapes()
                .memories()
                .forEach((memory, shape) -> shrinkages.put(memory, shape.shrinkage()));
        return shrinkages;
    }

    @Override
    public int mostSteps(int frames) {
        return switch (feed) {
            case Feed.ObservedFrames _ -> frames;
            case Feed.LastFrame(var effective) when !effective.isEmpty() -> effective.size();
            case Feed.LastFrame _, Feed.Nothing _, Feed.Prediction _, Feed.OwnFeatures _ ->
                    Integer.MAX_VALUE;
        };
    }

    /** Whether the forecast goes layer by layer: no lead step waits for another's frame. */
    public boolean forecastsTogether() {
        return switch (feed) {
            case Feed.Nothing _, Feed.ObservedFrames _ -> FrameChunks.pay(forecaster);
            case Feed.Prediction _, Feed.LastFrame _, Feed.OwnFeatures _ -> false;
        };
    }

    private record NetworkShape(int outputChannels, ShapeInference shapes) {}
}
