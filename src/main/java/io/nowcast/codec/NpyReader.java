package io.nowcast.codec;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.PixelEncoding;
import io.nowcast.frames.RainUnit;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads frames from one NPY array. Compares each promise of the header before it allocates. */
final class NpyReader {

    private final CodecLimits limits;
    private final DecodingRules rules;

    NpyReader(CodecLimits limits, DecodingRules rules) {
        this.limits = limits;
        this.rules = rules;
    }

    /**
     * Reads {@code [T, H, W]}, {@code [T, 1, H, W]} or {@code [B, T, 1, H, W]}.
     *
     * @param format the kind of body that the array came in
     * @param times the instants that came with it
     */
    DecodedFrames read(Section section, FrameFormat format, Optional<List<Instant>> times) {
        NpyHeader header = NpyHeaderReader.read(section);
        FrameShape shape = FrameShape.of(header, limits, section.name());
        requireData(section, header, shape.elements());
        boolean integer = header.type().integer();
        Optional<PixelEncoding> encoding =
                integer ? Optional.of(rules.encoding(header.type().bits())) : Optional.empty();
        RainUnit unit = encoding.map(PixelEncoding::unit).orElse(rules.unit());
        List<FrameSequence> sequences = new ArrayList<>();
        for (float[] values : sequences(section, header, shape)) {
            sequences.add(new FrameSequence(shape.frames(), shape.grid(), unit, values));
        }
        OptionalInt bits = integer ? OptionalInt.of(header.type().bits()) : OptionalInt.empty();
        return new DecodedFrames(sequences, shape.batched(), format, encoding, bits, times);
    }

    /** The B arrays {@code [T, H, W]}. */
    private List<float[]> sequences(Section section, NpyHeader header, FrameShape shape) {
        ElementReader reader = new ElementReader(header.type(), rules);
        List<float[]> sequences = new ArrayList<>();
        if (header.fortranOrder()) {
            float[] all = reader.read(elements(section, header, 0, shape.elements()));
            for (int index = 0; index < shape.batch(); index++) {
                sequences.add(FortranOrder.sequence(all, shape, index));
            }
        } else {
            int count = shape.elementsPerSequence();
            for (int index = 0; index < shape.batch(); index++) {
                sequences.add(reader.read(elements(section, header, index * count, count)));
            }
        }
        return sequences;
    }

    private static ByteBuffer elements(Section section, NpyHeader header, int first, int count) {
        NpyType type = header.type();
        return section.bytes(
                header.dataOffset() + first * type.bytes(), count * type.bytes(), type.order());
    }

    /**
     * Compares the promised elements with the bytes that are there; afterwards every offset into
     * them fits an {@code int}.
     */
    static void requireData(Section section, NpyHeader header, long elements) {
        long end = header.dataOffset() + elements * header.type().bytes();
        if (section.length() < end) {
            throw new MalformedBodyException(
                    "%s: truncated at byte %d: shape %s of %d-byte elements needs %d bytes (%d of header)"
                            .formatted(
                                    section.name(),
                                    section.length(),
                                    header.shapeText(),
                                    header.type().bytes(),
                                    end,
                                    header.dataOffset()));
        }
        if (section.length() > end) {
            throw new MalformedBodyException(
                    "%s: %d bytes too many: shape %s ends at byte %d, the data at byte %d"
                            .formatted(
                                    section.name(),
                                    section.length() - end,
                                    header.shapeText(),
                                    end,
                                    section.length()));
        }
    }
}
