package io.nowcast.benchmark;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.ModelFrames;
import io.nowcast.frames.RainUnit;
import io.nowcast.scaling.MissingData;
import io.nowcast.scaling.ModelScale;
import io.nowcast.scaling.RainScaling;
import io.nowcast.scaling.ZrRelation;
import java.time.Duration;
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
 * One lead step of a forecast back to model numbers, in milliseconds: with {@code ADVECTED}, mostly
 * the search for the motion of two frames of rain rates, once a request.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CoverageBenchmark {

    @Param({"KEPT", "ADVECTED"})
    private MissingData.Coverage coverage = MissingData.Coverage.KEPT;

    @Param({"512x512", "2200x1900"})
    private String grid = "512x512";

    private FrameSequence observed = SyntheticRadar.reflectivity(2, new GridShape(8, 8), 1);
    private ModelFrames forecast = new ModelFrames(1, 1, observed.grid(), new float[64]);

    @Setup
    public void makeFrames() {
        String[] sides = grid.split("x", -1);
        GridShape shape = new GridShape(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
        observed = SyntheticRadar.rainRate(SyntheticRadar.reflectivity(2, shape, 1));
        forecast = new ModelFrames(1, 1, shape, new float[(int) shape.pixels()]);
    }

    @Benchmark
    public FrameSequence denormalise() {
        RainScaling scaling =
                new RainScaling(
                        new ModelScale.LinearReflectivity(0, 60, 5),
                        ZrRelation.MARSHALL_PALMER,
                        new MissingData(MissingData.Filling.NUMBER, 0, true, coverage),
                        Duration.ofMinutes(5));
        return scaling.denormalise(forecast, 1, observed, RainUnit.MODEL);
    }
}
