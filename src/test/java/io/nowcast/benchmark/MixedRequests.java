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
    private static final int[] STEPS = {12, 3, 18, 6, 1, 24, 12};

    private MixedRequests() {}

    /** The requests of each grid. */
    static List<PlannedRequest> of(List<GridShape> grids) {
        List<PlannedRequest> requests = new ArrayList<>();
        for (GridShape grid : grids) {
            for (int content = 0; content < CONTENTS; content++) {
                add(requests, SyntheticRadar.reflectivity(FRAMES, grid, 7 * content + 1));
            }
        }
        return requests;
    }

    private static void add(List<PlannedRequest> requests, FrameSequence reflectivity) {
        FrameSequence rainRate = SyntheticRadar.rainRate(reflectivity);
        add(requests, rainRate, "float32 NPY", FrameFormat.NPY, FrameBodies.npy(rainRate));
        add(requests, reflectivity, "float32 NPY", FrameFormat.NPY, FrameBodies.npy(reflectivity));
        requests.add(
                new PlannedRequest(
                        reflectivity.grid() + " uint8 NPY",
                        FrameFormat.NPY,
                        RainUnit.MODEL,
                        steps(requests),
                        FrameBodies.npyOfBytes(reflectivity)));
        add(
                requests,
                reflectivity,
                "8-bit PNGs",
                FrameFormat.PNG_STACK,
                FrameBodies.pngStack(reflectivity));
    }

    private static void add(
            List<PlannedRequest> requests,
            FrameSequence frames,
            String kind,
            FrameFormat format,
            byte[] body) {
        requests.add(
                new PlannedRequest(
                        frames.grid() + " " + kind, format, frames.unit(), steps(requests), body));
    }

    private static int steps(List<PlannedRequest> requests) {
        return STEPS[requests.size() % STEPS.length];
    }
}
