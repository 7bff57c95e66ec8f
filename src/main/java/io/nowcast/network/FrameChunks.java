package io.nowcast.network;

import io.nowcast.frames.GridShape;
import java.util.List;

/**
 * Which passes of a network go layer by layer over many time steps instead of step by step, and how
 * many steps go together. On small grids that saves calls, which cost more than their arithmetic;
 * on large grids it would only cost memory. The number does not depend on the batch, so that
 * neither does a forecast.
 */
public final class FrameChunks {

    /** Pixels of one forecast's frames that go together, chosen by measurement. */
    public static final int PIXELS = 1 << 17;

    private FrameChunks() {}

    /** How many of {@code count} steps go together, at least one. */
    static int length(GridShape grid, int count) {
        return (int) Math.max(1, Math.min(count, PIXELS / grid.pixels()));
    }

    /**
     * Whether a pass whose frames are all known ahead gains from it: it has layers that do not see
     * the states, and no memory that climbs from layer to layer within a step.
     */
    public static boolean pay(Features pass) {
        return hasFreeLayers(pass) && !climbs(pass);
    }

    private static boolean hasFreeLayers(Features features) {
        return switch (features) {
            case Features.Frame _ -> false;
            case Features.Through _ -> true;
            case Features.Joined(List<Features> parts) ->
                    parts.stream().anyMatch(FrameChunks::hasFreeLayers);
            case Features.Sum(Features first, Features second) ->
                    hasFreeLayers(first) || hasFreeLayers(second);
            case Features.Recurrent memory ->
                    memory.cell() instanceof GruResetAfter
                            || memory.input().filter(FrameChunks::hasFreeLayers).isPresent();
        };
    }

    private static boolean climbs(Features features) {
        return switch (features) {
            case Features.Frame _ -> false;
            case Features.Through(Features input, List<Layer> _) -> climbs(input);
            case Features.Joined(List<Features> parts) ->
                    parts.stream().anyMatch(FrameChunks::climbs);
            case Features.Sum(Features first, Features second) -> climbs(first) || climbs(second);
            case Features.Recurrent memory ->
                    memory.cell() instanceof SpatiotemporalLstm
                            || memory.input().filter(FrameChunks::climbs).isPresent();
        };
    }
}
