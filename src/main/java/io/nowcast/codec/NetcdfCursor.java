package io.nowcast.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Reads the header of a NetCDF classic file from its fifth byte on, each item after the other. A
 * count is compared with the bytes that are left before it is used.
 */
final class NetcdfCursor {

    private static final int ALIGNMENT = 4;

    /** What a file may have of dimensions, variables, axes of variables and attributes. */
    private static final int MOST_ITEMS = 1 << 16;

    private static final int MOST_NUMBERS = 1 << 20;

    private final String name;
    private final ByteBuffer data;
    private final boolean wideCounts;
    private int position = 4;
    private long items;
    private long attributeNumbers;

    /**
     * Makes a cursor behind the magic number.
     *
     * @param name of the file, for messages
     * @param data the whole file, big-endian
     * @param wideCounts whether counts have eight bytes, as in CDF-5
     */
    NetcdfCursor(String name, ByteBuffer data, boolean wideCounts) {
        this.name = name;
        this.data = data;
        this.wideCounts = wideCounts;
    }

    /**
     * The number of records.
     *
     * @throws UnusableFramesException if it was not known when the file was written
     */
    long records() {
        long records = count();
        if (records == (wideCounts ? -1L : 0xffff_ffffL)) {
            throw new UnusableFramesException(
                    name + ": written as a stream without its number of records");
        }
        if (records < 0) {
            throw damaged(records + " records");
        }
        return records;
    }

    /** The number of entries of a list, whose tag may be 0 where it is empty. */
    long list(int tag) {
        int found = number();
        long count = count();
        if (found != tag && (found != 0 || count != 0)) {
            throw damaged("expected list %d at byte %d, got %d".formatted(tag, position, found));
        }
        require(count, 4);
        countItems(count);
        return count;
    }

    /**
     * Bounds what is made of a header: each item takes far more on the heap than in the file.
     *
     * @throws MalformedBodyException if the file has more of them than any has
     */
    void countItems(long more) {
        items += more;
        if (items > MOST_ITEMS) {
            throw damaged(
                    "more than %d dimensions, variables and attributes".formatted(MOST_ITEMS));
        }
    }

    /**
     * The attributes of the file or of a variable: text, or a list of numbers; what is too long is
     * empty.
     *
     * @throws MalformedBodyException if the numbers of all attributes together are too many
     */
    Map<String, Object> attributes() {
        Map<String, Object> attributes = new LinkedHashMap<>();
        long count = list(NetcdfFile.ATTRIBUTES);
        for (long index = 0; index < count; index++) {
            String attribute = text();
            Optional<NumberLayout> layout = layout(number());
            attributes.put(attribute, layout.isPresent() ? numbers(layout.get()) : trimmed(text()));
        }
        return attributes;
    }

    private List<Double> numbers(NumberLayout layout) {
        int length = values(layout.bytes());
        ByteBuffer numbers = take(length * layout.bytes());
        if (length > CfSource.LONGEST_ATTRIBUTE) {
            return List.of();
        }
        attributeNumbers += length;
        if (attributeNumbers > MOST_NUMBERS) {
            throw damaged("its attributes hold more than %d numbers".formatted(MOST_NUMBERS));
        }
        return IntStream.range(0, length).mapToObj(at -> layout.number(numbers, at)).toList();
    }

    private static String trimmed(String text) {
        return text.length() > CfSource.LONGEST_ATTRIBUTE ? "" : text.replace("\0", "").strip();
    }

    /** The layout of a type; empty for text. */
    Optional<NumberLayout> layout(int type) {
        return switch (type) {
            case 1 -> Optional.of(NumberLayout.INT8);
            case NetcdfFile.CHAR -> Optional.empty();
            case 3 -> Optional.of(NumberLayout.INT16);
            case NetcdfFile.INT -> Optional.of(NumberLayout.INT32);
            case NetcdfFile.FLOAT -> Optional.of(NumberLayout.FLOAT32);
            case NetcdfFile.DOUBLE -> Optional.of(NumberLayout.FLOAT64);
            case 7 -> Optional.of(NumberLayout.UINT8);
            case 8 -> Optional.of(NumberLayout.UINT16);
            case 9 -> Optional.of(NumberLayout.UINT32);
            case 10 -> Optional.of(NumberLayout.INT64);
            case 11 -> Optional.of(NumberLayout.UINT64);
            default -> throw damaged("no type has the number " + type);
        };
    }

    String text() {
        int length = values(1);
        byte[] content = new byte[length];
        take(length).get(content);
        return new String(content, StandardCharsets.UTF_8);
    }

    /** The number of values that follow, each of so many bytes, all of which are there. */
    int values(int bytes) {
        long count = count();
        require(count, bytes);
        return (int) count;
    }

    /** So many bytes; those that fill them up to a multiple of four are skipped. */
    ByteBuffer take(int length) {
        ByteBuffer taken = data.slice(position, length).order(ByteOrder.BIG_ENDIAN);
        position += (int) padded(length);
        return taken;
    }

    int number() {
        require(1, Integer.BYTES);
        position += Integer.BYTES;
        return data.getInt(position - Integer.BYTES);
    }

    long longNumber() {
        require(1, Long.BYTES);
        position += Long.BYTES;
        return data.getLong(position - Long.BYTES);
    }

    long count() {
        return wideCounts ? longNumber() : Integer.toUnsignedLong(number());
    }

    /**
     * Compares a count with what is left.
     *
     * @throws MalformedBodyException if so many values are not there
     */
    void require(long count, int each) {
        if (count < 0 || count > (data.capacity() - position) / each) {
            throw damaged(
                    "truncated: %d values of %d bytes at byte %d of %d"
                            .formatted(count, each, position, data.capacity()));
        }
    }

    static long padded(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    MalformedBodyException damaged(String what) {
        return new MalformedBodyException("%s: damaged NetCDF file: %s".formatted(name, what));
    }
}
