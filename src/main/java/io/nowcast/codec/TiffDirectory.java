package io.nowcast.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The first image file directory of a TIFF, read before ImageIO decodes the pixels: what it
 * promises is compared with the bytes that are there.
 *
 * @see <a href="https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf">TIFF 6.0, section
 *     2</a>
 */
final class TiffDirectory {

    private static final int ENTRY_BYTES = 12;
    private static final int ASCII = 2;

    private final String name;
    private final ByteBuffer data;
    private final Map<Integer, List<Double>> numbers = new LinkedHashMap<>();
    private final Map<Integer, String> texts = new LinkedHashMap<>();

    private TiffDirectory(String name, ByteBuffer data) {
        this.name = name;
        this.data = data;
    }

    static TiffDirectory of(Section section) {
        boolean little = section.firstBytes(1)[0] == 'I';
        ByteOrder order = little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        TiffDirectory directory =
                new TiffDirectory(section.name(), section.bytes(0, section.length(), order));
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
            List<Double> values = new ArrayList<>();
            for (int index = 0; index < count; index++) {
                values.add(layout.get().number(content, index));
            }
            numbers.put(tag, values);
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

    List<Double> numbers(int tag) {
        return numbers.getOrDefault(tag, List.of());
    }

    /** The first number of a tag. */
    double number(int tag, double absent) {
        List<Double> values = numbers(tag);
        return values.isEmpty() ? absent : values.getFirst();
    }

    Optional<String> text(int tag) {
        return Optional.ofNullable(texts.get(tag));
    }
}
