package io.nowcast.benchmark;

import io.nowcast.checkpoint.Checkpoint;
import io.nowcast.checkpoint.CheckpointReader;
import io.nowcast.engine.FormattedNetwork;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.ModelFrames;
import io.nowcast.layout.RecognisedNetwork;
import io.nowcast.model.DeviceName;
import io.nowcast.model.NowcastModel;
import io.nowcast.testing.NumpyFile;
import io.nowcast.torchscript.Kernels;
import io.nowcast.torchscript.NumberFormat;
import io.nowcast.torchscript.TorchScriptWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Runs weights in the service's engine, one call for each line on the standard input, and prints
 * what each call took: {@code milliseconds 12.3}. For {@code src/comparison/network.py}, which lets
 * it take turns with PyTorch.
 *
 * <p>Options: {@code --weights weights.pth --choices name=value;name=value --input frames.npy
 * --steps 10 --answer answer.npy}: float32 frames {@code [1, T, C, H, W]}; the answer of the first
 * call is written. {@code --device cuda:0}, {@code --format bf16} or {@code fp16} compute elsewhere
 * and otherwise; {@code --batch 8} has the same frames eight times in a call; {@code --archive
 * network.pt} writes the network as TorchScript of the format first, with operators that any
 * PyTorch has. {@code -Dai.djl.pytorch.num_threads} sets the threads.
 */
public final class NetworkCalls {

    private NetworkCalls() {}

    public static void main(String[] arguments) throws IOException {
        Options options =
                Options.parse(
                        arguments,
                        Map.of(
                                "weights", "", "choices", "", "input", "", "steps", "10", "answer",
                                "", "device", "cpu", "format", "float32", "batch", "1", "archive",
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
        List<ModelFrames> batch = Collections.nCopies(options.integer("batch"), frames);
        NumberFormat format = NumberFormat.valueOf(options.text("format").toUpperCase(Locale.ROOT));
        Checkpoint checkpoint = CheckpointReader.read(Path.of(options.text("weights")));
        RecognisedNetwork network = RecognisedNetwork.in(checkpoint, choices);
        if (!options.text("archive").isEmpty()) {
            try (OutputStream out = Files.newOutputStream(Path.of(options.text("archive")))) {
                TorchScriptWriter.write(network.network(), Kernels.PORTABLE, format, out);
            }
        }
        try (NowcastModel model =
                        FormattedNetwork.open(
                                network, format, DeviceName.parse(options.text("device")));
                BufferedReader lines =
                        new BufferedReader(
                                new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            ModelFrames answer = model.predict(batch, steps).getLast();
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
                model.predict(batch, steps);
                System.out.println("milliseconds " + (System.nanoTime() - started) / 1e6);
            }
        }
    }
}
