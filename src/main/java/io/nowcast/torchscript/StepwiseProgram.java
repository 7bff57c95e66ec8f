package io.nowcast.torchscript;

import io.nowcast.network.Features;
import io.nowcast.network.Feed;
import io.nowcast.network.FrameChunks;
import io.nowcast.network.StepwiseNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Writes a network that goes through time frame by frame: one loop over the observed frames, one
 * over the lead steps. A pass whose frames are known ahead goes in chunks of frames, layer by
 * layer, where that {@linkplain FrameChunks#pay pays}; else no more than one frame's features are
 * alive at once.
 */
final class StepwiseProgram {

    private static final String FRAME = "frame";
    private static final String LATEST = "torch.select(frames, 1, -1)";

    private final ModuleBuilder module;
    private final LayerProgram layers;
    private final CellProgram cells;
    private final FeatureProgram features;
    private final LayerwiseProgram layerwise;
    private final StepwiseNetwork network;

    StepwiseProgram(ModuleBuilder module, StepwiseNetwork network) {
        this.module = module;
        this.network = network;
        this.layers = new LayerProgram(module);
        this.cells = new CellProgram(module, layers);
        this.features = new FeatureProgram(module, layers, cells);
        this.layerwise = new LayerwiseProgram(module, features, cells);
    }

    /** Returns the name of the answer. */
    String append() {
        Map<Features.Recurrent, Integer> shrinkages = network.shrinkages();
        network.observer().ifPresent(pass -> observe(pass, shrinkages));
        start(shrinkages);
        return forecast();
    }

    private void observe(Features pass, Map<Features.Recurrent, Integer> shrinkages) {
        Memories.of(pass).forEach(memory -> startFromZero(memory, shrinkages));
        if (FrameChunks.pay(pass)) {
            layerwise.chunks(observedFrames(), chunk -> chunk.run(pass));
            return;
        }
        module.loop("t", observedFrames());
        String frame = module.let("torch.select(frames, 1, t)");
        step(frame, pass);
        module.endLoop();
    }

    /** Steps every cell that features depend on, and computes nothing beyond. */
    private void step(String frame, Features stepped) {
        Memories.notRead(stepped).forEach(features.stepping(frame)::value);
    }

    private void startFromZero(
            Features.Recurrent memory, Map<Features.Recurrent, Integer> shrinkages) {
        cells.startFromZero(memory, Objects.requireNonNull(shrinkages.get(memory)));
    }

    /** A pass that sees the last frame again, as its first frame, has not observed it before. */
    private String observedFrames() {
        return switch (network.feed()) {
            case Feed.Prediction _, Feed.LastFrame _ -> "torch.sub(torch.size(frames, 1), 1)";
            case Feed.Nothing _, Feed.OwnFeatures _, Feed.ObservedFrames _ ->
                    "torch.size(frames, 1)";
        };
    }

    private void start(Map<Features.Recurrent, Integer> shrinkages) {
        for (Features.Recurrent memory : Memories.of(network.forecaster())) {
            if (cells.isKnown(memory)) {
                continue;
            }
            if (memory.start().isEmpty()) {
                startFromZero(memory, shrinkages);
            } else if (memory.start().get() instanceof Features.Recurrent other) {
                cells.startFrom(memory, other);
            } else {
                FeatureProgram.Pass last = features.reading(module.let(LATEST));
                cells.startFrom(memory, last.value(memory.start().get()));
            }
        }
    }

    private String forecast() {
        ReadOutProgram readOut = new ReadOutProgram(module, layers, network.readOut());
        readOut.prepare();
        if (network.forecastsTogether()) {
            layerwise.chunks("steps", chunk -> readOut.frames(chunk, network.forecaster()));
            return readOut.finish();
        }
        switch (network.feed()) {
            case Feed.Nothing _ -> {
                module.loop("s", "steps");
                readOut.frame(features.stepping(LATEST).value(network.forecaster()));
            }
            case Feed.ObservedFrames _ -> {
                module.loop("s", "steps");
                module.assign(FRAME, "torch.select(frames, 1, s)");
                readOut.frame(features.stepping(FRAME).value(network.forecaster()));
            }
            case Feed.Prediction _ -> {
                module.assign(FRAME, LATEST);
                module.loop("s", "steps");
                String value = features.stepping(FRAME).value(network.forecaster());
                module.assign(FRAME, readOut.frame(value));
            }
            case Feed.OwnFeatures(Features first) -> {
                module.assign(FRAME, features.reading(module.let(LATEST)).value(first));
                module.loop("s", "steps");
                module.assign(FRAME, features.stepping(FRAME).value(network.forecaster()));
                readOut.frame(FRAME);
            }
            case Feed.LastFrame(List<Integer> effectiveSteps) -> {
                module.assign(FRAME, LATEST);
                repeatLast(effectiveSteps, readOut);
            }
        }
        module.endLoop();
        return readOut.finish();
    }

    private void repeatLast(List<Integer> effectiveSteps, ReadOutProgram readOut) {
        if (effectiveSteps.isEmpty()) {
            module.loop("s", "steps");
            readOut.frame(features.stepping(FRAME).value(network.forecaster()));
            return;
        }
        module.assign("strides", "annotate(List[int], %s)".formatted(strides(effectiveSteps)));
        module.loop("s", "steps");
        module.loop("k", "strides[s]");
        step(FRAME, network.forecaster());
        module.endLoop();
        readOut.frame(features.reading(FRAME).value(network.forecaster()));
    }

    /** How many steps from one output to the next. */
    private static List<Integer> strides(List<Integer> effectiveSteps) {
        List<Integer> strides = new ArrayList<>();
        int before = -1;
        for (int step : effectiveSteps) {
            strides.add(step - before);
            before = step;
        }
        return strides;
    }
}
