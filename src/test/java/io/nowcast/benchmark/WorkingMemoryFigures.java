package io.nowcast.benchmark;

import io.nowcast.checkpoint.CheckpointReader;
import io.nowcast.engine.CheckpointRunner;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.ModelFrames;
import io.nowcast.layout.RecognisedNetwork;
import io.nowcast.model.DeviceName;
import io.nowcast.model.NowcastModel;
import io.nowcast.network.RecurrentNetwork;
import io.nowcast.network.WorkingMemory;
import io.nowcast.testing.NetworkFixture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * The memory that a prediction takes beside the weights, estimated from the layers and measured: by
 * how much the resident memory of this process rises at most during a model call.
 *
 * <p>Options: {@code --network bundled --choices "" --grids 64x64,256x256 --frames 5 --steps 12}.
 * {@code bundled} is the model in the box, the others are folders of {@code
 * src/test/resources/networks}; choices such as {@code forecast=repeat-last,channel=0} stand in for
 * those of the folder. Needs Linux, and a Java heap that is touched at the start: {@code
 * -Dtool.jvm.arguments="-Xms1g -Xmx1g -XX:+AlwaysPreTouch -XX:+UseSerialGC"}.
 */
public final class WorkingMemoryFigures {

    private static final Path BUNDLED =
            Path.of("src/main/resources/models/radar-convgru/weights.pth");

    private static final GridShape SMALL = new GridShape(16, 16);

    private WorkingMemoryFigures() {}

    public static void main(String[] arguments) throws IOException {
        Options options =
                Options.parse(
                        arguments,
                        Map.of(
                                "network", "bundled",
                                "choices", "",
                                "grids", "64x64,128x128,256x256,512x512,1024x1024",
                                "frames", "5",
                                "steps", "12"));
        measure(options.text("network"), options);
    }

    private static void measure(String name, Options options) throws IOException {
        SequencedMap<String, Path> weights =
                name.equals("bundled")
                        ? new TreeMap<>(Map.of("", BUNDLED))
                        : NetworkFixture.named(name).weights();
        Map<String, String> choices =
                new HashMap<>(
                        name.equals("bundled")
                                ? Map.of("residual", "source")
                                : NetworkFixture.named(name).choices());
        choices.putAll(options.pairs("choices"));
        RecurrentNetwork network =
                RecognisedNetwork.in(CheckpointReader.read(weights), choices).network();
        WorkingMemory counted = WorkingMemory.of(network);
        List<GridShape> grids =
                network.onlyGrid().map(List::of).orElseGet(options::grids).stream()
                        .map(grid -> grid.roundedUpTo(network.gridMultiple()))
                        .toList();
        try (NowcastModel model =
                CheckpointRunner.loader().open(weights, choices, DeviceName.CPU)) {
            // What PyTorch makes once stays out of the figures, as it is made before readiness.
            GridShape small = network.onlyGrid().orElse(SMALL.roundedUpTo(network.gridMultiple()));
            call(model, network.inputChannels(), small, 2, 1).run();
            PeakMemory memory = new PeakMemory();
            for (GridShape grid : grids) {
                int frames = options.integer("frames");
                int steps = Math.min(options.integer("steps"), network.mostSteps(frames));
                Runnable call = call(model, network.inputChannels(), grid, frames, steps);
                long peak = Math.max(memory.of(call), memory.of(call));
                double estimate = counted.bytes(grid, frames, steps);
                System.out.printf(
                        "%s %s frames %d steps %d estimated %.1f MB measured %.1f MB ratio %.2f bytes/pixel %.0f%n",
                        name,
                        grid,
                        frames,
                        steps,
                        estimate / 1e6,
                        peak / 1e6,
                        estimate / peak,
                        estimate / grid.pixels());
            }
        }
    }

    private static Runnable call(
            NowcastModel model, int channels, GridShape grid, int frames, int steps) {
        float[] values = new float[Math.toIntExact(grid.pixels() * frames * channels)];
        ModelFrames input = new ModelFrames(frames, channels, grid, values);
        return () -> model.predict(List.of(input), steps);
    }
}
