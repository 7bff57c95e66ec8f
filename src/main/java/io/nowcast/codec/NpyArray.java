package io.nowcast.codec;

import io.nowcast.frames.PixelEncoding;
import io.nowcast.frames.RainUnit;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/** An NPY array of any rank as float32, for whoever knows what its axes are. */
public final class NpyArray {

    private final List<Integer> shape;
    private final float[] values;

    private NpyArray(List<Integer> shape, float[] values) {
        this.shape = List.copyOf(shape);
        this.values = values;
    }

    /**
     * Reads a file's bytes: any real type and byte order, row-major.
     *
     * @param name what messages call the array
     * @throws CodecException if the bytes are no such array
     */
    public static NpyArray read(String name, byte[] file) {
        Section section = Section.of(name, file);
        NpyHeader header = NpyHeaderReader.read(section);
        long elements = 1;
        for (long size : header.shape()) {
            elements =
                    size == 0
                            ? 0
                            : Math.min(
                                    Integer.MAX_VALUE,
                                    elements * Math.min(size, Integer.MAX_VALUE));
        }
        NpyReader.requireData(section, header, elements);
        if (header.fortranOrder() && header.shape().size() > 1) {
            throw new UnusableFramesException(name + ": expected C order, got Fortran order");
        }
        PixelEncoding plain = PixelEncoding.identity(RainUnit.MODEL);
        DecodingRules rules =
                new DecodingRules(RainUnit.MODEL, plain, plain, plain, OptionalDouble.empty());
        float[] values =
                new ElementReader(header.type(), rules)
                        .read(
                                section.bytes(
                                        header.dataOffset(),
                                        Math.toIntExact(elements) * header.type().bytes(),
                                        header.type().order()));
        return new NpyArray(header.shape().stream().map(Math::toIntExact).toList(), values);
    }

    /** Sizes, outermost first. */
    public List<Integer> shape() {
        return shape;
    }

    /** A copy of a run of values in row-major order. */
    public float[] values(int from, int length) {
        return Arrays.copyOfRange(values, from, from + length);
    }

    public int length() {
        return values.length;
    }
}
