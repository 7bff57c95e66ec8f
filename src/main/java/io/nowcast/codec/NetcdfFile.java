package io.nowcast.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A NetCDF classic file (CDF-1, CDF-2 or CDF-5) in memory. Every count and offset of the header is
 * compared with the bytes that are there before it is used.
 *
 * @see <a href="https://docs.unidata.ucar.edu/netcdf-c/current/file_format_specifications.html">The
 *     NetCDF file format specifications</a>
 */
final class NetcdfFile implements CfSource {

    static final int CHAR = 2;
    static final int INT = 4;
    static final int FLOAT = 5;
    static final int DOUBLE = 6;
    static final int DIMENSIONS = 10;
    static final int VARIABLES = 11;
    static final int ATTRIBUTES = 12;

    private final String name;
    private final ByteBuffer data;
    private final NetcdfCursor header;
    private final boolean wideOffsets;
    private final List<Long> dimensions = new ArrayList<>();
    private final Map<String, Variable> variables = new LinkedHashMap<>();
    private int recordDimension = -1;
    private long records;
    private long recordSize;

    private NetcdfFile(Section section) {
        this.name = section.name();
        this.data = section.bytes(0, section.length(), ByteOrder.BIG_ENDIAN);
        int version = section.unsignedByte(3);
        this.header = new NetcdfCursor(name, data, version == 5);
        this.wideOffsets = version != 1;
    }

    static NetcdfFile open(Section section) {
        if (section.length() < 8) {
            throw new MalformedBodyException(
                    "%s: truncated at byte %d".formatted(section.name(), section.length()));
        }
        NetcdfFile file = new NetcdfFile(section);
        file.readHeader();
        return file;
    }

    private void readHeader() {
        records = header.records();
        long count = header.list(DIMENSIONS);
        for (long index = 0; index < count; index++) {
            header.text();
            long length = header.count();
            if (length < 0) {
                throw header.damaged("a dimension of " + length);
            }
            if (length == 0) {
                recordDimension = dimensions.size();
                length = records;
            }
            dimensions.add(length);
        }
        Map<String, Object> global = header.attributes();
        variables.put("", new Variable("", List.of(), CHAR, 0, false, global));
        count = header.list(VARIABLES);
        List<Variable> recorded = new ArrayList<>();
        for (long index = 0; index < count; index++) {
            Variable variable = readVariable();
            variables.put(variable.name, variable);
            if (variable.recorded) {
                recorded.add(variable);
                recordSize += NetcdfCursor.padded(variable.recordBytes());
            }
        }
        // A single record variable is not padded.
        if (recorded.size() == 1) {
            recordSize = recorded.getFirst().recordBytes();
        }
    }

    private Variable readVariable() {
        String variable = header.text();
        long rank = header.count();
        header.require(rank, 4);
        header.countItems(rank);
        List<Long> shape = new ArrayList<>();
        boolean recorded = false;
        for (int axis = 0; axis < rank; axis++) {
            long dimension = header.count();
            if (dimension < 0 || dimension >= dimensions.size()) {
                throw header.damaged(
                        "variable %s has dimension %d of %d"
                                .formatted(variable, dimension, dimensions.size()));
            }
            recorded |= axis == 0 && dimension == recordDimension;
            shape.add(dimensions.get((int) dimension));
        }
        Map<String, Object> attributes = header.attributes();
        int type = header.number();
        header.layout(type);
        header.count(); // The size, which follows from the rest and is unreliable for large
        // variables.
        long begin = wideOffsets ? header.longNumber() : Integer.toUnsignedLong(header.number());
        return new Variable(variable, shape, type, begin, recorded, attributes);
    }

    @Override
    public List<String> variables() {
        return variables.keySet().stream().filter(key -> !key.isEmpty()).toList();
    }

    @Override
    public CfVariable variable(String variable) {
        return required(variable);
    }

    private Variable required(String variable) {
        return Optional.ofNullable(variables.get(variable))
                .orElseThrow(() ->
                        new UnusableFramesException(
                                "%s: no variable %s".formatted(name, variable)));
    }

    @Override
    public List<String> attributes(String variable) {
        return List.copyOf(required(variable).attributes.keySet());
    }

    @Override
    public Optional<String> text(String variable, String attribute) {
        return required(variable).attributes.get(attribute) instanceof String text
                ? Optional.of(text)
                : Optional.empty();
    }

    @Override
    public List<Double> numbers(String variable, String attribute) {
        List<Double> numbers = new ArrayList<>();
        if (required(variable).attributes.get(attribute) instanceof List<?> values) {
            values.forEach(value -> numbers.add((Double) value));
        }
        return numbers;
    }

    /** A variable and where its numbers stand. */
    private final class Variable implements CfVariable {

        private final String name;
        private final List<Long> shape;
        private final int type;
        private final long begin;
        private final boolean recorded;
        private final Map<String, Object> attributes;

        Variable(
                String name,
                List<Long> shape,
                int type,
                long begin,
                boolean recorded,
                Map<String, Object> attributes) {
            this.name = name;
            this.shape = List.copyOf(shape);
            this.type = type;
            this.begin = begin;
            this.recorded = recorded;
            this.attributes = attributes;
        }

        /** Bytes of one record. */
        long recordBytes() {
            long elements = 1;
            for (int axis = 1; axis < shape.size(); axis++) {
                elements = saturated(elements, shape.get(axis));
            }
            return saturated(elements, header.layout(type).map(NumberLayout::bytes).orElse(1));
        }

        private static long saturated(long a, long b) {
            return a != 0 && b > Integer.MAX_VALUE / a ? Integer.MAX_VALUE : a * b;
        }

        @Override
        public List<Long> shape() {
            return shape;
        }

        @Override
        public boolean numeric() {
            return type != CHAR;
        }

        @Override
        public boolean singlePrecision() {
            return type == FLOAT;
        }

        @Override
        public double[] coordinate() {
            header.require(size(), 1);
            double[] numbers = new double[(int) size()];
            forEach((index, number) -> numbers[index] = number);
            return numbers;
        }

        @Override
        public void read(NumberMeaning meaning, float[] values, int start) {
            if (size() > values.length - start) {
                throw new UnusableFramesException(
                        "%s: %s has %d numbers, expected %d"
                                .formatted(
                                        NetcdfFile.this.name, name, size(), values.length - start));
            }
            forEach((index, number) -> values[start + index] = meaning.of(number));
        }

        private void forEach(NumberTarget target) {
            NumberLayout layout =
                    header.layout(type)
                            .orElseThrow(() ->
                                    new UnusableFramesException(
                                            "%s: %s is text"
                                                    .formatted(NetcdfFile.this.name, name)));
            long pieces = recorded ? shape.getFirst() : 1;
            int each = (int) (recorded ? recordBytes() / layout.bytes() : size());
            for (int piece = 0; piece < pieces; piece++) {
                long start = begin + piece * recordSize;
                long bytes = (long) each * layout.bytes();
                if (start < 0 || start > data.capacity() - bytes) {
                    throw header.damaged(
                            "%s needs %d bytes at byte %d, the file ends at %d"
                                    .formatted(name, bytes, start, data.capacity()));
                }
                ByteBuffer numbers =
                        data.slice((int) start, (int) bytes).order(ByteOrder.BIG_ENDIAN);
                for (int index = 0; index < each; index++) {
                    target.put(piece * each + index, layout.number(numbers, index));
                }
            }
        }
    }

    /** Where numbers go. */
    @FunctionalInterface
    private interface NumberTarget {
        void put(int index, double number);
    }
}
