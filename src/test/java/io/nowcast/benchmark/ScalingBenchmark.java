package io.nowcast.benchmark;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.ModelFrames;
import io.nowcast.frames.RainUnit;
import io.nowcast.scaling.MissingData;
import io.nowcast.scaling.ModelScale;
import io.nowcast.scaling.RainScaling;
import io.nowcast.scaling.ZrRelation;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Scaling of one request at 512x512, in milliseconds: 5 frames in (1 310 720 pixels), 12 out (3 145
 * 728 pixels).
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class ScalingBenchmark {

    private static final int INPUT = 5;
    private static final int OUTPUT = 12;
    private static final GridShape GRID = new GridShape(512, 512);

    @Param({"MILLIMETRES_PER_HOUR", "DBZ"})
    private RainUnit unit = RainUnit.DBZ;

    private final RainScaling scaling =
            new RainScaling(
                    new ModelScale.LinearReflectivity(0, 60, 5),
                    ZrRelation.MARSHALL_PALMER,
                    new MissingData(0, true),
                    java.time.Duration.ofMinutes(5));
    private FrameSequence observed = SyntheticRadar.reflectivity(INPUT, GRID, 1);
    private final ModelFrames forecast = forecast();

    private ModelFrames forecast() {
        FrameSequence future = SyntheticRadar.reflectivity(OUTPUT, GRID, 2);
        float[] numbers = scaling.normalise(future, OUTPUT, GRID).values();
        float[] rain = new float[OUTPUT * (int) GRID.pixels()];
        for (int index = 0; index < rain.length; index++) {
            // Frames of two channels, of which rain is the first.
            int plane = (int) GRID.pixels();
            rain[index] = numbers[2 * (index / plane) * plane + index % plane];
        }
        return new ModelFrames(OUTPUT, 1, GRID, rain);
    }

    @Setup
    public void convert() {
        if (unit == RainUnit.MILLIMETRES_PER_HOUR) {
            observed = SyntheticRadar.rainRate(observed);
        }
    }

    @Benchmark
    public ModelFrames normalise() {
        return scaling.normalise(observed, INPUT, GRID);
    }

    @Benchmark
    public FrameSequence denormalise() {
        return scaling.denormalise(forecast, OUTPUT, observed, unit);
    }
}
