package io.nowcast.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads and writes little-endian float32 C-order arrays as {@code numpy.save} does, and writes
 * headers of other arrays.
 */
public final class NumpyFile {

    private static final Pattern SHAPE =
            Pattern.compile("'descr': '<f4', 'fortran_order': False, 'shape': \\(([\\d, ]*)\\)");

    private final int[] shape;
    private final float[] values;

    private NumpyFile(int[] shape, float[] values) {
        this.shape = shape;
        this.values = values;
    }

    /** An array of values in row-major order. */
    public static NumpyFile of(float[] values, int... shape) {
        return new NumpyFile(shape, values);
    }

    public static NumpyFile read(Path file) {
        try {
            return parse(Files.readAllBytes(file));
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    public static NumpyFile parse(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int header = bytes.getShort(8);
        String text = new String(file, 10, header, StandardCharsets.US_ASCII);
        Matcher matcher = SHAPE.matcher(text);
        if (!matcher.find()) {
            throw new IllegalArgumentException("not a plain float32 array: " + text);
        }
        int[] shape =
                Arrays.stream(matcher.group(1).split(","))
                        .map(String::strip)
                        .filter(s -> !s.isEmpty())
                        .mapToInt(Integer::parseInt)
                        .toArray();
        float[] values = new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        bytes.position(10 + header)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(values);
        return new NumpyFile(shape, values);
    }

    public byte[] bytes() {
        ByteBuffer data =
                ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(values);
        String sizes =
                Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        return file(
                "{'descr': '<f4', 'fortran_order': False, 'shape': (%s,), }".formatted(sizes),
                data.array());
    }

    /** A file of format 1.0 with any header, also a wrong one. */
    public static byte[] file(String header, byte[] data) {
        int length = Math.ceilDiv(10 + header.length() + 1, 64) * 64 - 10;
        String padded = header + " ".repeat(length - header.length() - 1) + "\n";
        return ByteBuffer.allocate(10 + length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
                .putShort((short) length)
                .put(padded.getBytes(StandardCharsets.US_ASCII))
                .put(data)
                .array();
    }

    public int[] shape() {
        return shape.clone();
    }

    public int size(int dimension) {
        return shape[dimension];
    }

    public float[] values() {
        return values;
    }
}
