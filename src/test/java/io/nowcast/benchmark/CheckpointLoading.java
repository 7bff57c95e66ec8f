package io.nowcast.benchmark;

import io.nowcast.checkpoint.Checkpoint;
import io.nowcast.checkpoint.CheckpointReader;
import io.nowcast.engine.CheckpointRunner;
import io.nowcast.layout.RecognisedNetwork;
import io.nowcast.model.DeviceName;
import io.nowcast.network.WeightTensor;
import io.nowcast.testing.SafetensorsFile;
import io.nowcast.torchscript.TorchScriptWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * How long a large checkpoint takes from the file to a loaded model: read, rewritten as
 * TorchScript, and all of it with the engine's loading.
 *
 * <p>Options: {@code --file stack.pth --megabytes 60 --rounds 7}: a stack of fused ConvLSTM cells,
 * made of random numbers where no file is given.
 */
public final class CheckpointLoading {

    private static final Map<String, String> CHOICES =
            Map.of("gates", "i,f,o,g", "forecast", "closed-loop");
    private static final int LAYERS = 6;

    private CheckpointLoading() {}

    public static void main(String[] arguments) throws IOException {
        Options options =
                Options.parse(arguments, Map.of("file", "", "megabytes", "60", "rounds", "7"));
        Path file =
                options.text("file").isEmpty()
                        ? random(options.integer("megabytes"))
                        : Path.of(options.text("file"));
        int rounds = options.integer("rounds");
        double[] reading = new double[rounds];
        double[] writing = new double[rounds];
        double[] loading = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            long start = System.nanoTime();
            Checkpoint checkpoint = CheckpointReader.read(file);
            long read = System.nanoTime();
            ByteArrayOutputStream archive = new ByteArrayOutputStream();
            TorchScriptWriter.write(RecognisedNetwork.in(checkpoint, CHOICES).network(), archive);
            long written = System.nanoTime();
            CheckpointRunner.loader()
                    .open(new TreeMap<>(Map.of("", file)), CHOICES, DeviceName.CPU)
                    .close();
            reading[round] = (read - start) / 1e6;
            writing[round] = (written - read) / 1e6;
            loading[round] = (System.nanoTime() - written) / 1e6;
        }
        System.out.printf(
                "%s, %.1f MB, %d rounds, milliseconds (first / median / slowest)%n",
                file.getFileName(), Files.size(file) / 1e6, rounds);
        report("read the file", reading);
        report("recognise and write TorchScript", writing);
        report("file to loaded model", loading);
    }

    private static void report(String what, double[] milliseconds) {
        double first = milliseconds[0];
        double[] sorted = milliseconds.clone();
        Arrays.sort(sorted);
        System.out.printf(
                "  %-32s %6.0f / %6.0f / %6.0f%n",
                what, first, sorted[sorted.length / 2], sorted[sorted.length - 1]);
    }

    private static Path random(int megabytes) throws IOException {
        // Six layers of 9 · 4N · 2N weights each, four bytes a weight.
        int channels = (int) Math.sqrt(megabytes * 1e6 / (LAYERS * 9 * 8.0 * Float.BYTES));
        Random random = new Random(1);
        Map<String, WeightTensor> tensors = new LinkedHashMap<>();
        int inputs = 1;
        for (int layer = 0; layer < LAYERS; layer++) {
            tensors.put(
                    "cell_list." + layer + ".conv.weight",
                    tensor(random, 4 * channels, inputs + channels, 3, 3));
            inputs = channels;
        }
        tensors.put("head.weight", tensor(random, 1, channels, 1, 1));
        Path file = Files.createTempFile("nowcast-", ".safetensors");
        file.toFile().deleteOnExit();
        SafetensorsFile.write(file, tensors);
        return file;
    }

    private static WeightTensor tensor(Random random, int... shape) {
        float[] values = new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        for (int index = 0; index < values.length; index++) {
            values[index] = (float) random.nextGaussian(0, 0.02);
        }
        return new WeightTensor(shape, values);
    }
}
