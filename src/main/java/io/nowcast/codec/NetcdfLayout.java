package io.nowcast.codec;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * Dimensions, attributes and variables on their way to a NetCDF file with 64-bit offsets (CDF-2),
 * which every NetCDF library reads. Values are shared, not copied.
 *
 * @see <a href="https://docs.unidata.ucar.edu/netcdf-c/current/file_format_specifications.html">The
 *     NetCDF file format specifications</a>
 */
final class NetcdfLayout {

    private static final int PIECE = 1 << 15;

    /** Largest size that a header can tell (section "Note on vsize"). */
    private static final long LARGEST = 0xffff_fffcL;

    private final Map<String, Integer> dimensions = new LinkedHashMap<>();
    private final Map<String, Object> attributes = new LinkedHashMap<>();
    private final List<Variable> variables = new ArrayList<>();

    /** Adds a dimension and tells its number. */
    int dimension(String name, int length) {
        dimensions.put(name, length);
        return dimensions.size() - 1;
    }

    /** Adds a global attribute. */
    void global(String name, Object value) {
        attributes.put(name, value);
    }

    /** Adds a float64 variable. */
    void variable(String name, List<Integer> shape, double[] values, Map<String, Object> about) {
        variables.add(new Variable(name, shape, new Doubles(values), about));
    }

    /** Adds a float32 variable. */
    void variable(String name, List<Integer> shape, float[] values, Map<String, Object> about) {
        variables.add(new Variable(name, shape, new Floats(values), about));
    }

    void write(OutputStream out) throws IOException {
        long length = header(new long[variables.size()]).length;
        long[] starts = new long[variables.size()];
        for (int index = 0; index < starts.length; index++) {
            starts[index] = length;
            length += variables.get(index).data.bytes();
        }
        out.write(header(starts));
        for (Variable variable : variables) {
            variable.data.write(out);
        }
    }

    private byte[] header(long[] starts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream header = new DataOutputStream(bytes)) {
            header.write(new byte[] {'C', 'D', 'F', 2});
            header.writeInt(0);
            header.writeInt(NetcdfFile.DIMENSIONS);
            header.writeInt(dimensions.size());
            for (Map.Entry<String, Integer> dimension : dimensions.entrySet()) {
                text(header, dimension.getKey());
                header.writeInt(dimension.getValue());
            }
            attributes(header, attributes);
            header.writeInt(NetcdfFile.VARIABLES);
            header.writeInt(variables.size());
            for (int index = 0; index < starts.length; index++) {
                Variable variable = variables.get(index);
                text(header, variable.name);
                header.writeInt(variable.shape.size());
                for (int dimension : variable.shape) {
                    header.writeInt(dimension);
                }
                attributes(header, variable.attributes);
                header.writeInt(variable.data.type());
                header.writeInt((int) Math.min(variable.data.bytes(), LARGEST));
                header.writeLong(starts[index]);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void attributes(DataOutputStream header, Map<String, Object> attributes)
            throws IOException {
        header.writeInt(attributes.isEmpty() ? 0 : NetcdfFile.ATTRIBUTES);
        header.writeInt(attributes.size());
        for (Map.Entry<String, Object> attribute : attributes.entrySet()) {
            text(header, attribute.getKey());
            switch (attribute.getValue()) {
                case Float number -> {
                    header.writeInt(NetcdfFile.FLOAT);
                    header.writeInt(1);
                    header.writeFloat(number);
                }
                case Number number -> doubles(header, new double[] {number.doubleValue()});
                case List<?> numbers ->
                        doubles(
                                header,
                                numbers.stream()
                                        .flatMapToDouble(number ->
                                                number instanceof Number value
                                                        ? DoubleStream.of(value.doubleValue())
                                                        : DoubleStream.empty())
                                        .toArray());
                default -> {
                    header.writeInt(NetcdfFile.CHAR);
                    text(header, attribute.getValue().toString());
                }
            }
        }
    }

    private static void doubles(DataOutputStream header, double[] numbers) throws IOException {
        header.writeInt(NetcdfFile.DOUBLE);
        header.writeInt(numbers.length);
        for (double number : numbers) {
            header.writeDouble(number);
        }
    }

    private static void text(DataOutputStream header, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        header.writeInt(bytes.length);
        header.write(bytes);
        header.write(new byte[(4 - bytes.length % 4) % 4]);
    }

    /** A variable: its dimensions by number, its values and its attributes. */
    private record Variable(
            String name, List<Integer> shape, Data data, Map<String, Object> attributes) {}

    /** The values of a variable. */
    private interface Data {
        int type();

        long bytes();

        void write(OutputStream out) throws IOException;
    }

    private static final class Doubles implements Data {

        private final double[] values;

        Doubles(double[] values) {
            this.values = values;
        }

        @Override
        public int type() {
            return NetcdfFile.DOUBLE;
        }

        @Override
        public long bytes() {
            return (long) values.length * Double.BYTES;
        }

        @Override
        public void write(OutputStream out) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES);
            bytes.asDoubleBuffer().put(values);
            out.write(bytes.array());
        }
    }

    private static final class Floats implements Data {

        private final float[] values;

        Floats(float[] values) {
            this.values = values;
        }

        @Override
        public int type() {
            return NetcdfFile.FLOAT;
        }

        @Override
        public long bytes() {
            return (long) values.length * Float.BYTES;
        }

        @Override
        public void write(OutputStream out) throws IOException {
            ByteBuffer piece = ByteBuffer.allocate(PIECE * Float.BYTES);
            for (int start = 0; start < values.length; start += PIECE) {
                int count = Math.min(PIECE, values.length - start);
                piece.asFloatBuffer().put(values, start, count);
                out.write(piece.array(), 0, count * Float.BYTES);
            }
        }
    }
}
