package io.nowcast.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.DoubleStream;

/**
 * The tags of interest in the first image file directory of a TIFF, read before ImageIO decodes the
 * pixels: what it promises is compared with the bytes that are there. Tags may share their bytes,
 * so what they hold together is bounded too.
 *
 * @see <a href="https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf">TIFF 6.0, section
 *     2</a>
 */
final class TiffDirectory {

    private static final int ENTRY_BYTES = 12;
    private static final int ASCII = 2;
    private static final double[] NONE = {};

    /** Far more than the strips or tiles of the largest image. */
    private static final int MOST_VALUES = 1 << 20;

    private final String name;
    private final ByteBuffer data;
    private final Set<Integer> wanted;
    private final Map<Integer, double[]> numbers = new HashMap<>();
    private final Map<Integer, String> texts = new HashMap<>();
    private long values;

    private TiffDirectory(String name, ByteBuffer data, Set<Integer> wanted) {
        this.name = name;
        this.data = data;
        this.wanted = wanted;
    }

    /**
     * Reads a directory.
     *
     * @param wanted the tags to read
     * @throws MalformedBodyException if it is damaged, or these tags hold too much
     */
    static TiffDirectory of(Section section, Set<Integer> wanted) {
        boolean little = section.firstBytes(1)[0] == 'I';
        ByteOrder order = little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        TiffDirectory directory =
                new TiffDirectory(
                        section.name(), section.bytes(0, section.length(), order), wanted);
        directory.read();
        return directory;
    }

    private void read() {
        long start = Integer.toUnsignedLong(data.getInt(requireBytes(4, 4)));
        int count = Short.toUnsignedInt(data.getShort(requireBytes(start, 2)));
        requireBytes(start + 2, (long) count * ENTRY_BYTES);
        for (int index = 0; index < count; index++) {
            entry((int) start + 2 + index * ENTRY_BYTES);
        }
    }

    private void entry(int at) {
        int tag = Short.toUnsignedInt(data.getShort(at));
        if (!wanted.contains(tag)) {
            return;
        }
        int type = Short.toUnsignedInt(data.getShort(at + 2));
        long count = Integer.toUnsignedLong(data.getInt(at + 4));
        int size =
                switch (type) {
                    case 1, ASCII, 6, 7 -> 1;
                    case 3, 8 -> 2;
                    case 4, 9, 11, 13 -> 4;
                    case 5, 10, 12 -> 8;
                    default ->
                            throw new MalformedBodyException(
                                    "%s: tag %d is of the type %d, which TIFF does not have"
                                            .formatted(name, tag, type));
                };
        long bytes = count * size;
        long start = bytes <= 4 ? at + 8L : Integer.toUnsignedLong(data.getInt(at + 8));
        ByteBuffer content =
                data.slice(requireBytes(start, bytes), (int) bytes).order(data.order());
        values += count;
        if (values > MOST_VALUES) {
            throw new MalformedBodyException(
                    "%s: damaged TIFF: its tags hold more than %d values"
                            .formatted(name, MOST_VALUES));
        }
        if (type == ASCII) {
            byte[] text = new byte[(int) bytes];
            content.get(text);
            texts.put(tag, new String(text, StandardCharsets.UTF_8).replace("\0", "").strip());
            return;
        }
        Optional<NumberLayout> layout =
                switch (type) {
                    case 11 -> Optional.of(NumberLayout.FLOAT32);
                    case 12 -> Optional.of(NumberLayout.FLOAT64);
                    case 5, 10 -> Optional.empty();
                    default -> NumberLayout.integer(size, type == 6 || type == 8 || type == 9);
                };
        if (layout.isPresent()) {
            double[] read = new double[(int) count];
            for (int index = 0; index < count; index++) {
                read[index] = layout.get().number(content, index);
            }
            numbers.put(tag, read);
        }
    }

    private int requireBytes(long start, long bytes) {
        if (start < 0 || bytes > data.capacity() - start) {
            throw new MalformedBodyException(
                    "%s: damaged TIFF: %d bytes at byte %d, the file ends at %d"
                            .formatted(name, bytes, start, data.capacity()));
        }
        return (int) start;
    }

    /**
     * Refuses a tag of more values than it can have.
     *
     * @throws MalformedBodyException if it has more
     */
    void requireAtMost(int tag, int limit) {
        int found = values(tag).length;
        if (found > limit) {
            throw new MalformedBodyException(
                    "%s: damaged TIFF: tag %d has %d values, the limit is %d"
                            .formatted(name, tag, found, limit));
        }
    }

    List<Double> numbers(int tag) {
        return DoubleStream.of(values(tag)).boxed().toList();
    }

    private double[] values(int tag) {
        return numbers.getOrDefault(tag, NONE);
    }

    /** The largest number of a tag. */
    double largest(int tag) {
        return DoubleStream.of(values(tag)).max().orElse(0);
    }

    /** The first number of a tag. */
    double number(int tag, double absent) {
        double[] all = values(tag);
        return all.length == 0 ? absent : all[0];
    }

    Optional<String> text(int tag) {
        return Optional.ofNullable(texts.get(tag));
    }
}
