package io.nowcast.codec;

import java.nio.ByteOrder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A real element type of an NPY array.
 *
 * @param kind how the bits stand for a number
 * @param bytes 1, 2, 4 or 8
 */
record NpyType(Kind kind, int bytes, ByteOrder order) {

    /** How the bits of an element stand for a number. */
    enum Kind {
        SIGNED,
        /** Booleans too: 0 and 1. */
        UNSIGNED,
        FLOATING
    }

    private static final Pattern DESCRIPTION =
            Pattern.compile("([<>=|]?)([a-zA-Z?])([0-9]{0,9})(?:\\[.*)?");
    private static final String ADVICE = "; save the frames as float32, array.astype('<f4')";

    /**
     * Reads NumPy's <a href="https://numpy.org/doc/stable/reference/arrays.interface.html">type
     * string</a>, for example {@code <f4}. The native order {@code =} is taken as little-endian.
     *
     * @throws UnusableFramesException if the type is no real number of up to 8 bytes; objects are
     *     never unpickled
     * @throws MalformedBodyException if the string is no type
     */
    static NpyType parse(String description, String where) {
        Matcher parts = DESCRIPTION.matcher(description);
        if (!parts.matches()) {
            throw new MalformedBodyException(
                    "%s: header key 'descr': expected a type such as '<f4', got '%s'"
                            .formatted(where, description));
        }
        ByteOrder order =
                parts.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        String code = parts.group(2) + parts.group(3);
        return switch (code) {
            case "b1", "?", "u1" -> new NpyType(Kind.UNSIGNED, 1, order);
            case "u2" -> new NpyType(Kind.UNSIGNED, 2, order);
            case "u4" -> new NpyType(Kind.UNSIGNED, 4, order);
            case "u8" -> new NpyType(Kind.UNSIGNED, 8, order);
            case "i1" -> new NpyType(Kind.SIGNED, 1, order);
            case "i2" -> new NpyType(Kind.SIGNED, 2, order);
            case "i4" -> new NpyType(Kind.SIGNED, 4, order);
            case "i8" -> new NpyType(Kind.SIGNED, 8, order);
            case "f2" -> new NpyType(Kind.FLOATING, 2, order);
            case "f4" -> new NpyType(Kind.FLOATING, 4, order);
            case "f8" -> new NpyType(Kind.FLOATING, 8, order);
            default -> throw refuse(description, parts.group(2).charAt(0), where);
        };
    }

    /** An array whose elements are records of several fields. */
    static UnusableFramesException refuseStructured(String where) {
        return new UnusableFramesException(
                where + ": structured elements (a list of fields) are no pixel values" + ADVICE);
    }

    boolean integer() {
        return kind != Kind.FLOATING;
    }

    int bits() {
        return bytes * Byte.SIZE;
    }

    private static UnusableFramesException refuse(String description, char code, String where) {
        String reason =
                switch (code) {
                    case 'O' -> "holds Python objects, which are never unpickled";
                    case 'c' -> "holds complex numbers";
                    case 'U', 'S', 'a', 'T' -> "holds text";
                    case 'M', 'm' -> "holds dates or durations";
                    case 'V' -> "holds raw bytes (bfloat16 is saved so, too)";
                    default -> "is not one of b1, i1-i8, u1-u8, f2-f8";
                };
        return new UnusableFramesException(
                "%s: element type '%s' %s%s".formatted(where, description, reason, ADVICE));
    }
}
