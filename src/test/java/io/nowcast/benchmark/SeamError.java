package io.nowcast.benchmark;

import io.nowcast.engine.CheckpointRunner;
import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.ModelFrames;
import io.nowcast.frames.RainUnit;
import io.nowcast.model.DeviceName;
import io.nowcast.model.Generation;
import io.nowcast.model.ModelFolder;
import io.nowcast.model.ModelRepository;
import io.nowcast.model.NowcastModel;
import io.nowcast.model.ServedModel;
import io.nowcast.testing.NumpyFile;
import io.nowcast.tiling.TileBlend;
import io.nowcast.tiling.TilePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * How far a forecast in tiles is from that of the whole grid: real radar frames, the bundled model,
 * both compared with each other and with what was observed afterwards.
 *
 * <p>Options: {@code --event frames.npz --first 10 --crop 4096x4096 --pixels 300000 --overlaps
 * 0,32,64,128 --steps 12 --keep folder --kept 128}: with {@code keep} the whole forecast and the
 * one in tiles of overlap {@code kept} are written there as NPY, for {@code
 * docs/sample/plot_seams.py}.
 */
public final class SeamError {

    private static final Path MODELS = Path.of("src/main/resources/models");

    private final ServedModel served;
    private final NowcastModel model;
    private final FrameSequence observed;
    private final FrameSequence truth;
    private final int steps;

    private SeamError(
            ServedModel served,
            NowcastModel model,
            FrameSequence observed,
            FrameSequence truth,
            int steps) {
        this.served = served;
        this.model = model;
        this.observed = observed;
        this.truth = truth;
        this.steps = steps;
    }

    public static void main(String[] arguments) throws IOException {
        Options options =
                Options.parse(
                        arguments,
                        Map.of(
                                "event", "",
                                "first", "10",
                                "crop", "4096x4096",
                                "pixels", "300000",
                                "overlaps", "0,32,64,128",
                                "steps", "12",
                                "keep", "",
                                "kept", "128"));
        ModelFolder folder = new ModelRepository(List.of(MODELS)).scan().folders().getFirst();
        int frames = folder.manifest().frames().input();
        int steps = options.integer("steps");
        int first = options.integer("first");
        RadarEvent event =
                RadarEvent.read(Path.of(options.text("event")))
                        .middle(GridShape.parse(options.text("crop")));
        try (NowcastModel model =
                CheckpointRunner.loader()
                        .open(folder.weights(), folder.manifest().choices(), DeviceName.CPU)) {
            new SeamError(
                            new ServedModel(
                                    folder,
                                    model.facts(),
                                    List.of(DeviceName.CPU),
                                    new Generation(1, Instant.EPOCH)),
                            model,
                            event.rainRate(first, frames),
                            event.rainRate(first + frames, steps),
                            steps)
                    .measure(options);
        }
    }

    private void measure(Options options) throws IOException {
        GridShape grid = observed.grid();
        GridShape padded = served.paddedGrid(grid);
        FrameSequence whole = forecast(TilePlan.whole(padded));
        System.out.printf(
                "%s, %d steps, whole: CSI 0.5 mm/h %s, 2 mm/h %s%n",
                grid, steps, csi(whole, 0.5f), csi(whole, 2));
        Path keep = Path.of(options.text("keep"));
        boolean kept = !options.text("keep").isEmpty();
        if (kept) {
            write(keep.resolve("whole.npy"), whole);
        }
        for (String overlap : options.text("overlaps").split(",", -1)) {
            TilePlan plan =
                    TilePlan.fewest(
                                    padded,
                                    options.integer("pixels"),
                                    Integer.parseInt(overlap),
                                    served.facts().gridMultiple())
                            .orElseThrow();
            FrameSequence tiled = forecast(plan);
            System.out.printf("%s tiles %s of %s%n", plan, plan.count(), plan.tile());
            boolean[] seams = seams(plan, padded, grid);
            report("  along seams", whole, tiled, seams, true);
            report("  elsewhere  ", whole, tiled, seams, false);
            System.out.printf("  CSI 0.5 mm/h %s, 2 mm/h %s%n", csi(tiled, 0.5f), csi(tiled, 2));
            if (kept && overlap.equals(options.text("kept"))) {
                write(keep.resolve("tiled.npy"), tiled);
            }
        }
    }

    private FrameSequence forecast(TilePlan plan) {
        ModelFrames input =
                served.scaling()
                        .normalise(observed, observed.length(), served.paddedGrid(observed.grid()));
        TileBlend blend = plan.blend(steps);
        for (ModelFrames tile : plan.cut(input)) {
            blend.add(model.predict(List.of(tile), steps).getFirst());
        }
        return served.scaling()
                .denormalise(blend.result(), steps, observed, RainUnit.MILLIMETRES_PER_HOUR);
    }

    private static void write(Path file, FrameSequence frames) throws IOException {
        Files.write(
                file,
                NumpyFile.of(
                                frames.values(),
                                frames.length(),
                                frames.grid().height(),
                                frames.grid().width())
                        .bytes());
    }

    /**
     * Where one tile passes into another: found by blending tiles that each answer their own
     * number, as the pixels within 16 of a change.
     */
    private static boolean[] seams(TilePlan plan, GridShape padded, GridShape grid) {
        int near = 16;
        TileBlend blend = plan.blend(1);
        int number = 0;
        for (ModelFrames tile :
                plan.cut(new ModelFrames(1, 1, padded, new float[(int) padded.pixels()]))) {
            float[] own = tile.values().clone();
            Arrays.fill(own, ++number);
            blend.add(new ModelFrames(1, 1, tile.grid(), own));
        }
        float[] numbers = blend.result().values();
        boolean[] seams = new boolean[Math.toIntExact(grid.pixels())];
        for (int row = 0; row < grid.height(); row++) {
            for (int column = 0; column < grid.width(); column++) {
                int here = row * padded.width() + column;
                int up = Math.max(0, row - near) * padded.width() + column;
                int down = Math.min(padded.height() - 1, row + near) * padded.width() + column;
                int left = row * padded.width() + Math.max(0, column - near);
                int right = row * padded.width() + Math.min(padded.width() - 1, column + near);
                seams[row * grid.width() + column] =
                        numbers[up] != numbers[down]
                                || numbers[left] != numbers[right]
                                || numbers[here] != numbers[up];
            }
        }
        return seams;
    }

    private void report(
            String where,
            FrameSequence whole,
            FrameSequence tiled,
            boolean[] seams,
            boolean along) {
        double worst = 0;
        double sum = 0;
        double sumDbz = 0;
        double worstDbz = 0;
        long count = 0;
        long wet = 0;
        for (int index = 0; index < whole.values().length; index++) {
            float one = whole.values()[index];
            float other = tiled.values()[index];
            if (seams[index % seams.length] != along || Float.isNaN(one)) {
                continue;
            }
            double difference = Math.abs(one - other);
            worst = Math.max(worst, difference);
            sum += difference;
            count++;
            if (Math.max(one, other) >= 0.1f) {
                double dbz = Math.abs(reflectivity(one) - reflectivity(other));
                sumDbz += dbz;
                worstDbz = Math.max(worstDbz, dbz);
                wet++;
            }
        }
        System.out.printf(
                "%s: %.1f %% of pixels; mm/h mean %.5f max %.3f; dBZ where it rains mean %.3f max %.1f%n",
                where,
                100.0 * count / whole.values().length,
                sum / Math.max(1, count),
                worst,
                sumDbz / Math.max(1, wet),
                worstDbz);
    }

    /** Marshall and Palmer; under 0.1 mm/h as 0.1 mm/h, so that dry pixels do not rule. */
    private static double reflectivity(float rate) {
        return 10 * Math.log10(200 * Math.pow(Math.max(rate, 0.1f), 1.6));
    }

    /** Critical success index over all lead steps together, and that of the last one. */
    private String csi(FrameSequence forecast, float threshold) {
        List<String> scores = new ArrayList<>();
        int plane = Math.toIntExact(forecast.grid().pixels());
        for (int from : new int[] {0, (steps - 1) * plane}) {
            long hits = 0;
            long either = 0;
            for (int index = from; index < forecast.values().length; index++) {
                float made = forecast.values()[index];
                float seen = truth.values()[index];
                if (Float.isNaN(made) || Float.isNaN(seen)) {
                    continue;
                }
                hits += made >= threshold && seen >= threshold ? 1 : 0;
                either += made >= threshold || seen >= threshold ? 1 : 0;
            }
            scores.add("%.4f".formatted(hits / (double) either));
        }
        return scores.getFirst() + " (last step " + scores.getLast() + ")";
    }
}
