package io.nowcast.codec;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.MapGrid;
import io.nowcast.frames.PixelEncoding;
import io.nowcast.frames.ZrCoefficients;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The frames of one body and how they came, so that an answer can be given alike.
 *
 * @param sequences B sequences of equal length, grid and unit; at least one
 * @param batched whether the body had a batch dimension, also one of size 1
 * @param format the kind of answer that is like the body
 * @param pixelEncoding what integers were decoded with; empty for floating-point input
 * @param bits width of those integers: 8, 16, 32 or 64; empty for floating-point input
 * @param times the T instants of the frames, strictly increasing, where the body told them
 * @param map where the grid lies, where the body told it
 * @param zr the relation between dBZ and mm/h that the body told
 */
public record DecodedFrames(
        List<FrameSequence> sequences,
        boolean batched,
        FrameFormat format,
        Optional<PixelEncoding> pixelEncoding,
        OptionalInt bits,
        Optional<List<Instant>> times,
        Optional<MapGrid> map,
        Optional<ZrCoefficients> zr) {

    public DecodedFrames {
        sequences = List.copyOf(sequences);
        times = times.map(List::copyOf);
    }

    /** Frames of a kind of body that tells neither where the grid lies nor how dBZ became mm/h. */
    DecodedFrames(
            List<FrameSequence> sequences,
            boolean batched,
            FrameFormat format,
            Optional<PixelEncoding> pixelEncoding,
            OptionalInt bits,
            Optional<List<Instant>> times) {
        this(
                sequences,
                batched,
                format,
                pixelEncoding,
                bits,
                times,
                Optional.empty(),
                Optional.empty());
    }
}
