package io.nowcast.benchmark;

import io.nowcast.codec.FrameFormat;
import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.RainUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests of mixed grids, formats, units and numbers of steps. Several share a shape and differ in
 * content and steps, so that they can meet in one batch.
 */
final class MixedRequests {

    private static final int FRAMES = 5;
    private static final int CONTENTS = 2;
    private static final int KINDS = 4;

    private final List<Integer> steps;
    private final List<PlannedRequest> requests = new ArrayList<>();

    private MixedRequests(List<Integer> steps) {
        this.steps = steps;
    }

    /**
     * The requests of each grid to each model, in an order that depends on nothing else.
     *
     * @param models the empty name means the default model
     */
    static List<PlannedRequest> of(
            List<GridShape> grids, List<String> models, List<Integer> steps) {
        MixedRequests mixed = new MixedRequests(steps);
        for (GridShape grid : grids) {
            for (int content = 0; content < CONTENTS; content++) {
                mixed.add(SyntheticRadar.reflectivity(FRAMES, grid, 7 * content + 1));
            }
        }
        return mixed.requests.stream()
                .flatMap(request -> models.stream().map(request::toModel))
                .toList();
    }

    /** Float32 NPY of rain rates, one request a grid and number of steps. */
    static List<PlannedRequest> plain(
            List<GridShape> grids, List<String> models, List<Integer> steps) {
        List<PlannedRequest> requests = new ArrayList<>();
        for (GridShape grid : grids) {
            FrameSequence frames =
                    SyntheticRadar.rainRate(SyntheticRadar.reflectivity(FRAMES, grid, 1));
            byte[] body = FrameBodies.npy(frames);
            for (int count : steps) {
                for (String model : models) {
                    requests.add(
                            new PlannedRequest(
                                            grid + " float32 NPY",
                                            FrameFormat.NPY,
                                            frames.unit(),
                                            count,
                                            body)
                                    .toModel(model));
                }
            }
        }
        return requests;
    }

    private void add(FrameSequence reflectivity) {
        FrameSequence rainRate = SyntheticRadar.rainRate(reflectivity);
        add(rainRate, "float32 NPY", FrameFormat.NPY, FrameBodies.npy(rainRate));
        add(reflectivity, "float32 NPY", FrameFormat.NPY, FrameBodies.npy(reflectivity));
        requests.add(
                new PlannedRequest(
                        reflectivity.grid() + " uint8 NPY",
                        FrameFormat.NPY,
                        RainUnit.MODEL,
                        nextSteps(),
                        FrameBodies.npyOfBytes(reflectivity)));
        add(reflectivity, "8-bit PNGs", FrameFormat.PNG_STACK, FrameBodies.pngStack(reflectivity));
    }

    private void add(FrameSequence frames, String kind, FrameFormat format, byte[] body) {
        requests.add(
                new PlannedRequest(
                        frames.grid() + " " + kind, format, frames.unit(), nextSteps(), body));
    }

    /** Shifted with each content, so that requests of one shape and kind ask for other steps. */
    private int nextSteps() {
        return steps.get((requests.size() + requests.size() / KINDS) % steps.size());
    }
}
