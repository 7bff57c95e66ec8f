package io.nowcast.codec;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.PixelEncoding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads one sequence from PNG images, one a frame, all of one size and depth. */
final class PngStackReader {

    private final CodecLimits limits;
    private final DecodingRules rules;

    PngStackReader(CodecLimits limits, DecodingRules rules) {
        this.limits = limits;
        this.rules = rules;
    }

    /**
     * Reads images that are at hand.
     *
     * @param where what holds the images, for messages
     * @param images in the order of the frames
     */
    DecodedFrames read(String where, List<Section> images) {
        if (images.isEmpty()) {
            throw new UnusableFramesException(where + ": expected PNG images, got none");
        }
        PngHeader header = commonHeader(images);
        GridShape grid = new GridShape(header.height(), header.width());
        float[] values =
                new float[limits.admit(where, 1, images.size(), header.height(), header.width())];
        PixelEncoding encoding = rules.encoding(header.bits());
        float[] table = PixelLookup.table(encoding, header.bits(), false);
        try (PngDecoder decoder = new PngDecoder(table)) {
            for (int frame = 0; frame < images.size(); frame++) {
                decoder.decode(images.get(frame), values, frame * (int) grid.pixels());
            }
        }
        FrameSequence sequence = new FrameSequence(images.size(), grid, encoding.unit(), values);
        return new DecodedFrames(
                List.of(sequence),
                false,
                FrameFormat.PNG_STACK,
                Optional.of(encoding),
                OptionalInt.of(Math.max(header.bits(), Byte.SIZE)),
                Optional.empty());
    }

    private PngHeader commonHeader(List<Section> images) {
        List<PngHeader> headers = new ArrayList<>();
        for (Section image : images) {
            PngHeader header = PngHeader.of(image);
            limits.admitFrame(image.name(), header.height(), header.width());
            header.requirePlausible(image);
            headers.add(header);
            PngHeader first = headers.getFirst();
            if (header.height() != first.height()
                    || header.width() != first.width()
                    || header.bits() != first.bits()) {
                throw new UnusableFramesException(
                        "%s: frame %d has %s, frame 0 (%s) has %s"
                                .formatted(
                                        image.name(),
                                        headers.size() - 1,
                                        header,
                                        images.getFirst().name(),
                                        first));
            }
        }
        return headers.getFirst();
    }
}
