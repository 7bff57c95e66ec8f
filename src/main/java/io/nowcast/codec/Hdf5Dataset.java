package io.nowcast.codec;

import io.jhdf.api.Dataset;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.dataset.CompactDataset;
import io.jhdf.filter.PipelineFilterWithData;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import io.jhdf.object.datatype.OrderedDataType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A dataset of an HDF5 file. The library finds the chunks; they are inflated here, each into
 * exactly the bytes that it must have, since the library would inflate whatever a chunk promises.
 */
final class Hdf5Dataset implements CfVariable {

    private static final int DEFLATE = 1;
    private static final int SHUFFLE = 2;
    private static final int FLETCHER32 = 3;
    private static final int CHECKSUM_BYTES = 4;

    /** Twice in each of three dimensions. */
    private static final int MOST_PADDING = 8;

    private final String where;
    private final Dataset dataset;
    private final CodecLimits limits;
    private final Hdf5Allowance allowance;

    Hdf5Dataset(String file, Dataset dataset, CodecLimits limits, Hdf5Allowance allowance) {
        this.where = file + ": " + dataset.getPath();
        this.dataset = dataset;
        this.limits = limits;
        this.allowance = allowance;
    }

    @Override
    public List<Long> shape() {
        return Hdf5File.guarded(
                where, () -> Arrays.stream(dataset.getDimensionsAsLong()).boxed().toList());
    }

    @Override
    public boolean numeric() {
        return Hdf5File.guarded(where, () -> layout().isPresent());
    }

    @Override
    public boolean singlePrecision() {
        return layout().filter(layout -> layout == NumberLayout.FLOAT32).isPresent();
    }

    @Override
    public double[] coordinate() {
        limits.admitFrame(where, 1, size());
        double[] numbers = new double[(int) size()];
        readInto((index, number) -> numbers[index] = number);
        return numbers;
    }

    @Override
    public void read(NumberMeaning meaning, float[] values, int start) {
        if (size() > values.length - start) {
            throw new UnusableFramesException(
                    "%s has %d numbers, expected %d"
                            .formatted(where, size(), values.length - start));
        }
        readInto((index, number) -> values[start + index] = meaning.of(number));
    }

    private void readInto(NumberTarget target) {
        NumberLayout layout =
                layout().orElseThrow(() ->
                        new UnusableFramesException(
                                "%s: expected integers or floats of up to 64 bits, got %s"
                                        .formatted(where, dataset.getDataType())));
        if (dataset instanceof ChunkedDataset chunked) {
            readChunks(chunked, layout, target);
            return;
        }
        ByteBuffer data =
                Hdf5File.guarded(
                        where,
                        () ->
                                switch (dataset) {
                                    case ContiguousDataset contiguous -> contiguous.getBuffer();
                                    case CompactDataset compact -> compact.getDataBuffer();
                                    default ->
                                            throw new UnusableFramesException(
                                                    where
                                                            + ": stored in a layout that is not read");
                                });
        int count = (int) size();
        if (data.remaining() < (long) count * layout.bytes()) {
            throw new MalformedBodyException(
                    "%s: %d numbers need %d bytes, %d are there"
                            .formatted(
                                    where, count, (long) count * layout.bytes(), data.remaining()));
        }
        ByteBuffer ordered = data.slice().order(order());
        for (int index = 0; index < count; index++) {
            target.put(index, layout.number(ordered, index));
        }
    }

    private java.nio.ByteOrder order() {
        return ((OrderedDataType) dataset.getDataType()).getByteOrder();
    }

    private void readChunks(ChunkedDataset chunked, NumberLayout layout, NumberTarget target) {
        int[] chunk = Hdf5File.guarded(where, chunked::getChunkDimensions);
        List<Long> shape = shape();
        if (chunk.length != shape.size() || Arrays.stream(chunk).anyMatch(side -> side < 1)) {
            throw new MalformedBodyException(
                    "%s: chunks of %s in a dataset of %s"
                            .formatted(where, Arrays.toString(chunk), shape));
        }
        long elements = 1;
        for (int side : chunk) {
            elements *= side;
            limits.admitBytes(where, elements * layout.bytes());
        }
        admitChunks(chunk, shape, layout.bytes());
        List<PipelineFilterWithData> filters = filters(chunked);
        byte[] content = new byte[(int) elements * layout.bytes()];
        NumberSource numbers =
                filters.stream().anyMatch(filter -> filter.getId() == SHUFFLE)
                        ? shuffled(content, layout)
                        : plain(content, layout);
        int[] offset = new int[chunk.length];
        do {
            ByteBuffer stored =
                    Hdf5File.guarded(where, () -> chunked.getRawChunkBuffer(offset.clone()));
            unpack(stored, filters, content, offset);
            scatter(numbers, (int) elements, chunk, offset, target);
        } while (next(offset, chunk, shape));
    }

    /**
     * Bounds what is inflated. Chunks at the edges reach beyond the dataset, by less than its size
     * in each dimension where they are smaller than it; far more than that is only admitted as much
     * as a body may expand to, since many small chunks of a file may be the same large one. Their
     * number is bounded before the library lists them.
     */
    private void admitChunks(int[] chunk, List<Long> shape, int elementBytes) {
        double count = 1;
        double stored = elementBytes;
        double whole = elementBytes;
        for (int dimension = 0; dimension < chunk.length; dimension++) {
            long side = shape.get(dimension);
            double chunks = Math.ceilDiv(side, chunk[dimension]);
            count *= chunks;
            stored *= chunks * chunk[dimension];
            whole *= (double) side;
        }
        allowance.admitChunks(where, count);
        if (stored > MOST_PADDING * whole) {
            allowance.admitPadding(where + ": its chunks", stored);
        }
    }

    /** Moves to the next chunk in row-major order. */
    private static boolean next(int[] offset, int[] chunk, List<Long> shape) {
        for (int dimension = offset.length - 1; dimension >= 0; dimension--) {
            if ((long) offset[dimension] + chunk[dimension] < shape.get(dimension)) {
                offset[dimension] += chunk[dimension];
                return true;
            }
            offset[dimension] = 0;
        }
        return false;
    }

    private List<PipelineFilterWithData> filters(ChunkedDataset chunked) {
        List<PipelineFilterWithData> filters =
                new ArrayList<>(Hdf5File.guarded(where, chunked::getFilters));
        for (PipelineFilterWithData filter : filters) {
            if (filter.getId() != DEFLATE
                    && filter.getId() != SHUFFLE
                    && filter.getId() != FLETCHER32) {
                throw new UnusableFramesException(
                        "%s is compressed by '%s'; deflate is read (h5repack -f GZIP=4 converts)"
                                .formatted(where, filter.getName()));
            }
        }
        return filters;
    }

    /** Undoes the filters but the shuffle, the last first. */
    private void unpack(
            ByteBuffer stored, List<PipelineFilterWithData> filters, byte[] content, int[] offset) {
        ByteBuffer rest = stored;
        boolean inflated = false;
        for (PipelineFilterWithData filter : filters.reversed()) {
            switch (filter.getId()) {
                case FLETCHER32 ->
                        rest = rest.slice(0, Math.max(0, rest.remaining() - CHECKSUM_BYTES));
                case DEFLATE -> inflated = true;
                default -> {}
            }
        }
        if (inflated) {
            ExactInflation.inflate(rest, content, where + " chunk at " + Arrays.toString(offset));
        } else if (rest.remaining() == content.length) {
            rest.slice().get(content);
        } else {
            throw new MalformedBodyException(
                    "%s chunk at %s has %d bytes, expected %d"
                            .formatted(
                                    where,
                                    Arrays.toString(offset),
                                    rest.remaining(),
                                    content.length));
        }
    }

    private NumberSource plain(byte[] content, NumberLayout layout) {
        ByteBuffer numbers = ByteBuffer.wrap(content).order(order());
        return index -> layout.number(numbers, index);
    }

    /** HDF5's shuffle: first come all first bytes of the elements, then all second. */
    private NumberSource shuffled(byte[] content, NumberLayout layout) {
        ByteBuffer number = ByteBuffer.allocate(layout.bytes()).order(order());
        int elements = content.length / layout.bytes();
        return index -> {
            for (int part = 0; part < layout.bytes(); part++) {
                number.put(part, content[part * elements + index]);
            }
            return layout.number(number, 0);
        };
    }

    /** Puts the part of a chunk that lies within the dataset where it belongs. */
    private void scatter(
            NumberSource numbers, int elements, int[] chunk, int[] offset, NumberTarget target) {
        List<Long> shape = shape();
        int last = chunk.length - 1;
        int width = chunk[last];
        int run = (int) Math.min(width, shape.get(last) - offset[last]);
        int rows = elements / width;
        for (int row = 0; row < rows; row++) {
            long start = offset[last];
            long stride = shape.get(last);
            int rest = row;
            boolean inside = true;
            for (int dimension = last - 1; dimension >= 0; dimension--) {
                long position = (long) offset[dimension] + rest % chunk[dimension];
                rest /= chunk[dimension];
                inside &= position < shape.get(dimension);
                start += position * stride;
                stride *= shape.get(dimension);
            }
            for (int column = 0; inside && column < run; column++) {
                target.put((int) start + column, numbers.at(row * width + column));
            }
        }
    }

    private Optional<NumberLayout> layout() {
        DataType type = dataset.getDataType();
        return switch (type) {
            case FixedPoint fixed when fixed.getBitPrecision() == fixed.getSize() * 8 ->
                    NumberLayout.integer(fixed.getSize(), fixed.isSigned());
            case FloatingPoint floating -> NumberLayout.floating(floating.getSize());
            default -> Optional.empty();
        };
    }

    /** Where the numbers of a chunk come from. */
    @FunctionalInterface
    private interface NumberSource {
        double at(int index);
    }

    /** Where numbers go. */
    @FunctionalInterface
    private interface NumberTarget {
        void put(int index, double number);
    }
}
