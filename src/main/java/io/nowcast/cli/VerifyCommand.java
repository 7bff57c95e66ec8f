package io.nowcast.cli;

import io.nowcast.codec.NpyArray;
import io.nowcast.engine.CheckpointRunner;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.ModelFrames;
import io.nowcast.model.DeviceName;
import io.nowcast.model.NowcastModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code verify FILE --input a.npy --expect b.npy}: whether the numbers are the original's. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Compares the network's answer with the original's.",
            "In the network's own numbers; arrays are [T,H,W], [T,C,H,W] or [B,T,C,H,W], float or integer, C order."
        })
final class VerifyCommand implements Callable<Integer> {

    private static final int RANK = 5;

    /** Longest array of every Java runtime. */
    private static final int LARGEST = Integer.MAX_VALUE - 8;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private CheckpointArguments arguments = new CheckpointArguments();

    @Option(names = "--input", required = true, paramLabel = "NPY", description = "observed frames")
    private Path input = Path.of("");

    @Option(
            names = "--expect",
            required = true,
            paramLabel = "NPY",
            description = "the frames that the original code gave; their number is the lead steps")
    private Path expect = Path.of("");

    @Option(
            names = "--tolerance",
            defaultValue = "1e-4",
            description =
                    "largest difference allowed, as a share of the largest expected magnitude or of 1 where that is less; ${DEFAULT-VALUE} where not given")
    private double tolerance = 1e-4;

    @Option(
            names = "--device",
            defaultValue = "cpu",
            converter = DeviceConverter.class,
            description = "cpu or cuda:N; ${DEFAULT-VALUE} where not given")
    private DeviceName device = DeviceName.CPU;

    @Override
    public Integer call() throws IOException {
        NpyArray frames = read(input);
        NpyArray expected = read(expect);
        int[] in = shape(frames, input);
        int[] out = shape(expected, expect);
        arguments.tellLarge(spec.commandLine().getErr());
        float[] forecast;
        try (NowcastModel model =
                CheckpointRunner.loader().open(arguments.files(), arguments.choices(), device)) {
            forecast = forecast(model, frames, in, out[1]);
        }
        return report(forecast, expected, out);
    }

    private static NpyArray read(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FileSystemException(file + " is a directory, expected an NPY array");
        }
        if (Files.size(file) > LARGEST) {
            throw new FileSystemException(
                    "%s has %d bytes, at most %d are read"
                            .formatted(file, Files.size(file), LARGEST));
        }
        return NpyArray.read(file.toString(), Files.readAllBytes(file));
    }

    /** {@code [B, T, C, H, W]}, with sizes of 1 for axes that the array lacks. */
    private int[] shape(NpyArray array, Path file) {
        List<Integer> sizes = array.shape();
        int[] shape = {1, 1, 1, 1, 1};
        switch (sizes.size()) {
            case 3 -> {
                shape[1] = sizes.get(0);
                shape[3] = sizes.get(1);
                shape[4] = sizes.get(2);
            }
            case 4, RANK -> {
                for (int axis = 0; axis < sizes.size(); axis++) {
                    shape[RANK - sizes.size() + axis] = sizes.get(axis);
                }
            }
            default ->
                    throw new ParameterException(
                            spec.commandLine(),
                            "%s has shape %s, expected [T,H,W], [T,C,H,W] or [B,T,C,H,W]"
                                    .formatted(file, sizes));
        }
        return shape;
    }

    private static float[] forecast(NowcastModel model, NpyArray frames, int[] shape, int steps) {
        GridShape grid = new GridShape(shape[3], shape[4]);
        int length = frames.length() / shape[0];
        List<ModelFrames> batch = new ArrayList<>();
        for (int index = 0; index < shape[0]; index++) {
            batch.add(
                    new ModelFrames(
                            shape[1], shape[2], grid, frames.values(index * length, length)));
        }
        List<ModelFrames> forecasts = model.predict(batch, steps);
        int size = forecasts.getFirst().values().length;
        float[] all = new float[size * forecasts.size()];
        for (int index = 0; index < forecasts.size(); index++) {
            System.arraycopy(forecasts.get(index).values(), 0, all, index * size, size);
        }
        return all;
    }

    private int report(float[] forecast, NpyArray expected, int[] shape) {
        PrintWriter out = spec.commandLine().getOut();
        if (forecast.length != expected.length()) {
            out.printf(
                    Locale.ROOT,
                    "the network answers with %d values, %s of shape %s has %d: are its axes [B,T,C,H,W]?%n",
                    forecast.length,
                    expect,
                    expected.shape(),
                    expected.length());
            return NowcastCommand.DIFFERENT;
        }
        float[] wanted = expected.values(0, expected.length());
        double largest = 0;
        double magnitude = 0;
        double sum = 0;
        int at = 0;
        for (int index = 0; index < wanted.length; index++) {
            double difference = Math.abs((double) forecast[index] - wanted[index]);
            // NaN is as different as can be.
            if (!(difference <= largest)) {
                largest = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
                at = index;
            }
            sum += difference;
            magnitude = Math.max(magnitude, Math.abs(wanted[index]));
        }
        double allowed = tolerance * Math.max(1, magnitude);
        boolean same = largest <= allowed;
        out.printf(Locale.ROOT, "largest difference  %.3g at %s%n", largest, place(at, shape));
        out.printf(Locale.ROOT, "mean difference     %.3g%n", sum / wanted.length);
        out.printf(Locale.ROOT, "largest magnitude   %.3g%n", magnitude);
        out.printf(
                Locale.ROOT,
                "allowed             %.3g: %s%n",
                allowed,
                same ? "the same" : "DIFFERENT");
        return same ? 0 : NowcastCommand.DIFFERENT;
    }

    private static String place(int index, int[] shape) {
        int[] at = new int[RANK];
        int rest = index;
        for (int axis = RANK - 1; axis >= 0; axis--) {
            at[axis] = rest % shape[axis];
            rest /= shape[axis];
        }
        return "[sequence %d, step %d, channel %d, row %d, column %d]"
                .formatted(at[0], at[1], at[2], at[3], at[4]);
    }
}
