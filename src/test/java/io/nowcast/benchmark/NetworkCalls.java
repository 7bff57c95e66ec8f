package io.nowcast.benchmark;

import io.nowcast.engine.CheckpointRunner;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.ModelFrames;
import io.nowcast.model.DeviceName;
import io.nowcast.model.NowcastModel;
import io.nowcast.testing.NumpyFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs weights in the service's engine, one call for each line on the standard input, and prints
 * what each call took: {@code milliseconds 12.3}. For {@code src/comparison/network.py}, which lets
 * it take turns with PyTorch.
 *
 * <p>Options: {@code --weights weights.pth --choices name=value;name=value --input frames.npy
 * --steps 10 --answer answer.npy}: float32 frames {@code [1, T, C, H, W]}; the answer of the first
 * call is written. {@code -Dai.djl.pytorch.num_threads} sets the threads.
 */
public final class NetworkCalls {

    private NetworkCalls() {}

    public static void main(String[] arguments) throws IOException {
        Options options =
                Options.parse(
                        arguments,
                        Map.of(
                                "weights", "", "choices", "", "input", "", "steps", "10", "answer",
                                ""));
        Map<String, String> choices = new HashMap<>();
        for (String choice : options.text("choices").split(";", -1)) {
            String[] pair = choice.split("=", 2);
            choices.put(pair[0], pair[1]);
        }
        NumpyFile input = NumpyFile.read(Path.of(options.text("input")));
        ModelFrames frames =
                new ModelFrames(
                        input.size(1),
                        input.size(2),
                        new GridShape(input.size(3), input.size(4)),
                        input.values());
        int steps = options.integer("steps");
        Path weights = Path.of(options.text("weights"));
        try (NowcastModel model =
                        CheckpointRunner.loader()
                                .open(new TreeMap<>(Map.of("", weights)), choices, DeviceName.CPU);
                BufferedReader lines =
                        new BufferedReader(
                                new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            ModelFrames answer = model.predict(List.of(frames), steps).getFirst();
            NumpyFile written =
                    NumpyFile.of(
                            answer.values(),
                            answer.length(),
                            answer.channels(),
                            answer.grid().height(),
                            answer.grid().width());
            Files.write(Path.of(options.text("answer")), written.bytes());
            while (lines.readLine() != null) {
                long started = System.nanoTime();
                model.predict(List.of(frames), steps);
                System.out.println("milliseconds " + (System.nanoTime() - started) / 1e6);
            }
        }
    }
}
