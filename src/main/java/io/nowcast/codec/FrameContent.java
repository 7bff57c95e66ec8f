package io.nowcast.codec;

import io.nowcast.frames.GridShape;
import io.nowcast.frames.MapGrid;
import io.nowcast.frames.PixelEncoding;
import io.nowcast.frames.RainUnit;
import io.nowcast.frames.ZrCoefficients;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What all frames of a file have in common, and all files of a body must.
 *
 * @param unit unit of the decoded values
 * @param accumulation the time over which depths in mm were summed, where the file tells it
 * @param map where the grid lies
 * @param zr the relation between dBZ and mm/h
 * @param encoding how the file's integers stand for values, where that is a linear rule
 * @param bits width of those integers
 */
record FrameContent(
        GridShape grid,
        RainUnit unit,
        Optional<Duration> accumulation,
        Optional<MapGrid> map,
        Optional<ZrCoefficients> zr,
        Optional<PixelEncoding> encoding,
        OptionalInt bits) {

    /** Values of which only grid and unit are known. */
    static FrameContent of(GridShape grid, RainUnit unit) {
        return new FrameContent(
                grid,
                unit,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty());
    }

    FrameContent accumulatedOver(Optional<Duration> period) {
        return new FrameContent(grid, unit, period, map, zr, encoding, bits);
    }

    FrameContent on(Optional<MapGrid> place) {
        return new FrameContent(grid, unit, accumulation, place, zr, encoding, bits);
    }

    FrameContent with(Optional<ZrCoefficients> relation) {
        return new FrameContent(grid, unit, accumulation, map, relation, encoding, bits);
    }

    FrameContent encodedAs(PixelEncoding integers, int width) {
        return new FrameContent(
                grid, unit, accumulation, map, zr, Optional.of(integers), OptionalInt.of(width));
    }
}
