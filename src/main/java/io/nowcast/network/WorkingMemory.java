package io.nowcast.network;

import io.nowcast.frames.GridShape;
import java.util.List;
import java.util.Optional;

/**
 * The float32 values that one prediction holds at its peak beside the weights, counted from the
 * layers as the TorchScript program runs them: what is alive at once, not what is written in all.
 * All counts are for a pixel of the frame.
 *
 * @param frame of each observed frame
 * @param sequence of each observed frame, where layers run over the whole sequence
 * @param step states and the most that is alive beside them within a step
 * @param observed what each further observed frame of a {@linkplain FrameChunks chunk} adds to it
 * @param forecast the same of a lead step
 * @param answer of each lead step; the answer is collected frame by frame and then joined, so that
 *     it is held twice at the end
 * @param weights bytes that do not depend on the grid: a reordered copy of the largest convolution
 */
public record WorkingMemory(
        double frame,
        double sequence,
        double step,
        double observed,
        double forecast,
        double answer,
        long weights) {

    /**
     * What convolutions take to order their data anew and what the allocator does not hand out
     * again at once: measured, so that the whole is an upper bound, see docs/performance.md.
     */
    private static final double MARGIN = 2;

    /** Counts the layers of a network. */
    public static WorkingMemory of(RecurrentNetwork network) {
        return switch (network) {
            case StepwiseNetwork stepwise -> of(stepwise);
            case SequenceNetwork sequence -> of(sequence);
            case FeatureRows(RecurrentNetwork series) -> {
                WorkingMemory point = of(series);
                double rows = series.inputChannels();
                yield new WorkingMemory(
                        point.frame / rows,
                        point.sequence / rows,
                        point.step / rows,
                        point.observed / rows,
                        point.forecast / rows,
                        point.answer / rows,
                        point.weights);
            }
        };
    }

    private static WorkingMemory of(StepwiseNetwork network) {
        ShapeInference shapes = new ShapeInference(new FeatureShape(network.inputChannels(), 1));
        network.observer().ifPresent(shapes::of);
        Optional<Features> fed = ownFeatures(network.feed());
        ShapeInference forecast =
                fed.map(first -> shapes.withFrame(shapes.of(first))).orElse(shapes);
        forecast.of(network.forecaster());
        AliveValues alive = new AliveValues(shapes);
        network.observer().ifPresent(pass -> alive.pass(pass, shapes, List.of()));
        // The first step reads them to its end; a state is counted already.
        fed.filter(first -> !(first instanceof Features.Recurrent))
                .ifPresent(first -> alive.hold(StateValues.size(shapes.of(first))));
        ReadOut readOut = network.readOut();
        if (readOut instanceof ReadOut.Advection advection) {
            alive.hold(AliveValues.advection(advection));
        }
        alive.pass(network.forecaster(), forecast, readOut.layers());
        return new WorkingMemory(
                network.inputChannels(),
                0,
                MARGIN * alive.peak(),
                MARGIN * network.observer().map(pass -> observed(pass, shapes)).orElse(0.0),
                MARGIN * forecast(network, shapes),
                network.outputChannels(),
                alive.largestWeight());
    }

    private static double observed(Features pass, ShapeInference shapes) {
        AliveValues alive = new AliveValues(shapes);
        if (FrameChunks.pay(pass)) {
            alive.together(pass, shapes, new ReadOut.Direct(List.of()));
        }
        return alive.peak();
    }

    private static double forecast(StepwiseNetwork network, ShapeInference shapes) {
        AliveValues alive = new AliveValues(shapes);
        if (network.forecastsTogether()) {
            alive.together(network.forecaster(), shapes, network.readOut());
        }
        return alive.peak();
    }

    private static Optional<Features> ownFeatures(Feed feed) {
        return switch (feed) {
            case Feed.OwnFeatures(Features first) -> Optional.of(first);
            case Feed.Nothing _, Feed.Prediction _, Feed.LastFrame _, Feed.ObservedFrames _ ->
                    Optional.empty();
        };
    }

    /** A level holds the sequence that it reads, its states of every frame, and those joined. */
    private static WorkingMemory of(SequenceNetwork network) {
        int channels = network.inputChannels();
        double sequence = 0;
        double step = 0;
        long weights = 0;
        for (SequenceNetwork.Level level : network.levels()) {
            ShapeInference shapes = new ShapeInference(new FeatureShape(channels, 1));
            Features features = level.over(new Features.Frame());
            AliveValues alive = new AliveValues(shapes);
            alive.pass(features, shapes, List.of());
            int states = shapes.of(features).channels();
            // Listed, joined; of two directions also turned round and put side by side.
            double held = level.backward().isPresent() ? 2.5 * states : 2.0 * states;
            sequence = Math.max(sequence, channels + held);
            step = Math.max(step, alive.peak());
            weights = Math.max(weights, alive.largestWeight());
            channels = states;
        }
        ShapeInference head = new ShapeInference(new FeatureShape(channels, 1));
        AliveValues alive = new AliveValues(head);
        alive.layers(network.head(), new FeatureShape(channels, 1), false);
        boolean everyFrame = network.answer() == SequenceNetwork.Answer.PER_FRAME;
        return new WorkingMemory(
                network.inputChannels(),
                Math.max(sequence, channels + (everyFrame ? alive.peak() : 0)),
                MARGIN * Math.max(step, everyFrame ? 0 : alive.peak()),
                0,
                0,
                everyFrame ? network.headChannels() : 1,
                Math.max(weights, alive.largestWeight()));
    }

    /** Bytes at the peak. */
    public long bytes(GridShape grid, int frames, int steps) {
        double further =
                Math.max(
                        (FrameChunks.length(grid, frames) - 1) * observed,
                        (FrameChunks.length(grid, steps) - 1) * forecast);
        double passing = step + further;
        double values =
                frames * (frame + sequence)
                        + Math.max(passing + steps * answer, 2 * steps * answer);
        return weights + (long) Math.ceil(values * grid.pixels() * Float.BYTES);
    }
}
