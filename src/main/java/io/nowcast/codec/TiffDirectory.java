package io.nowcast.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The first image file directory of a TIFF, looked at before ImageIO decodes the pixels: what it
 * promises is compared with the bytes that are there. A tag is read when it is asked for, and not
 * kept: tags may share their bytes, so that all together could take far more than the file.
 *
 * @see <a href="https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf">TIFF 6.0, section
 *     2</a>
 */
final class TiffDirectory {

    private static final int ENTRY_BYTES = 12;
    private static final int ASCII = 2;

    /** Far more than the GeoKeys of any file. */
    private static final int LONGEST_LIST = 1 << 12;

    private final String name;
    private final ByteBuffer data;
    private final Map<Integer, Integer> entries = new HashMap<>();

    private TiffDirectory(String name, ByteBuffer data) {
        this.name = name;
        this.data = data;
    }

    static TiffDirectory of(Section section) {
        boolean little = section.firstBytes(1)[0] == 'I';
        ByteOrder order = little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        TiffDirectory directory =
                new TiffDirectory(section.name(), section.bytes(0, section.length(), order));
        directory.findEntries();
        return directory;
    }

    private void findEntries() {
        long start = Integer.toUnsignedLong(data.getInt(requireBytes(4, 4)));
        int count = Short.toUnsignedInt(data.getShort(requireBytes(start, 2)));
        requireBytes(start + 2, (long) count * ENTRY_BYTES);
        for (int index = 0; index < count; index++) {
            int at = (int) start + 2 + index * ENTRY_BYTES;
            entries.put(Short.toUnsignedInt(data.getShort(at)), at);
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
     * The numbers of a tag; none where it is absent, text or fractions.
     *
     * @throws MalformedBodyException if it is damaged, or has more of them than any list in a file
     */
    List<Double> numbers(int tag) {
        Optional<Values> values = values(tag);
        int count = values.map(Values::count).orElse(0);
        if (count > LONGEST_LIST) {
            throw new MalformedBodyException(
                    "%s: damaged TIFF: tag %d has %d values, the limit is %d"
                            .formatted(name, tag, count, LONGEST_LIST));
        }
        return IntStream.range(0, count).mapToObj(index -> values.get().number(index)).toList();
    }

    /** The first number of a tag. */
    double number(int tag, double absent) {
        return values(tag)
                .filter(values -> values.count() > 0)
                .map(values -> values.number(0))
                .orElse(absent);
    }

    /** The largest number of a tag, which may have one for each row of the image; else 0. */
    double largest(int tag) {
        return values(tag).stream()
                .flatMapToDouble(
                        values -> IntStream.range(0, values.count()).mapToDouble(values::number))
                .max()
                .orElse(0);
    }

    Optional<String> text(int tag) {
        return Optional.ofNullable(entries.get(tag))
                .filter(at -> type(at) == ASCII)
                .map(at -> {
                    ByteBuffer content = content(at, 1);
                    byte[] text = new byte[content.remaining()];
                    content.get(text);
                    return new String(text, StandardCharsets.UTF_8).replace("\0", "").strip();
                });
    }

    private Optional<Values> values(int tag) {
        return Optional.ofNullable(entries.get(tag))
                .flatMap(at ->
                        layout(tag, type(at))
                                .map(layout -> new Values(content(at, layout.bytes()), layout)));
    }

    private int type(int at) {
        return Short.toUnsignedInt(data.getShort(at + 2));
    }

    /** How numbers of a type are stored; empty for text and fractions. */
    private Optional<NumberLayout> layout(int tag, int type) {
        return switch (type) {
            case ASCII, 5, 10 -> Optional.empty();
            case 1, 7 -> Optional.of(NumberLayout.UINT8);
            case 3 -> Optional.of(NumberLayout.UINT16);
            case 4, 13 -> Optional.of(NumberLayout.UINT32);
            case 6 -> Optional.of(NumberLayout.INT8);
            case 8 -> Optional.of(NumberLayout.INT16);
            case 9 -> Optional.of(NumberLayout.INT32);
            case 11 -> Optional.of(NumberLayout.FLOAT32);
            case 12 -> Optional.of(NumberLayout.FLOAT64);
            default ->
                    throw new MalformedBodyException(
                            "%s: tag %d is of the type %d, which TIFF does not have"
                                    .formatted(name, tag, type));
        };
    }

    /** The bytes of a tag: in its entry where they fit, else where that says. */
    private ByteBuffer content(int at, int size) {
        long bytes = Integer.toUnsignedLong(data.getInt(at + 4)) * size;
        long start = bytes <= 4 ? at + 8L : Integer.toUnsignedLong(data.getInt(at + 8));
        return data.slice(requireBytes(start, bytes), (int) bytes).order(data.order());
    }

    /** The numbers of one tag, still in the file. */
    private record Values(ByteBuffer content, NumberLayout layout) {

        int count() {
            return content.remaining() / layout.bytes();
        }

        double number(int index) {
            return layout.number(content, index);
        }
    }
}
