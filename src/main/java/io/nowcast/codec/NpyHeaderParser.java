package io.nowcast.codec;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parses the dictionary literal of an NPY header: the keys {@code descr}, {@code fortran_order} and
 * {@code shape}, each once, in any order. Knows just the Python that NumPy writes there (strings,
 * {@code True} and {@code False}, tuples of integers); nothing is evaluated.
 */
final class NpyHeaderParser {

    /** More digits could overflow a {@code long}. */
    private static final int LONGEST_NUMBER = 18;

    private final String where;
    private final String text;
    private final int textOffset;
    private int position;

    private @Nullable NpyType type;
    private @Nullable Boolean fortranOrder;
    private @Nullable List<Long> shape;

    /**
     * @param textOffset where the text stands in its section, for messages
     */
    NpyHeaderParser(String where, String text, int textOffset) {
        this.where = where;
        this.text = text;
        this.textOffset = textOffset;
    }

    NpyHeader parse(int dataOffset) {
        expect('{');
        while (!accept('}')) {
            String key = string();
            expect(':');
            value(key);
            if (!accept(',')) {
                expect('}');
                break;
            }
        }
        skipBlanks();
        if (position < text.length()) {
            throw unexpected("nothing but blanks after the dictionary");
        }
        return new NpyHeader(
                required(type, "descr"),
                required(fortranOrder, "fortran_order"),
                required(shape, "shape"),
                dataOffset);
    }

    private void value(String key) {
        switch (key) {
            case "descr" -> {
                requireFirst(type, key);
                type = type();
            }
            case "fortran_order" -> {
                requireFirst(fortranOrder, key);
                fortranOrder = truth();
            }
            case "shape" -> {
                requireFirst(shape, key);
                shape = tuple();
            }
            default ->
                    throw new MalformedBodyException(
                            "%s: header key '%s' is none of 'descr', 'fortran_order', 'shape'"
                                    .formatted(where, key));
        }
    }

    private NpyType type() {
        char next = peek();
        if (next == '[' || next == '(') {
            throw NpyType.refuseStructured(where);
        }
        return NpyType.parse(string(), where);
    }

    private boolean truth() {
        skipBlanks();
        for (boolean value : new boolean[] {true, false}) {
            String word = value ? "True" : "False";
            if (text.startsWith(word, position)) {
                position += word.length();
                return value;
            }
        }
        throw unexpected("True or False");
    }

    private List<Long> tuple() {
        List<Long> sizes = new ArrayList<>();
        expect('(');
        while (!accept(')')) {
            sizes.add(size());
            if (!accept(',')) {
                expect(')');
                break;
            }
        }
        return List.copyOf(sizes);
    }

    private long size() {
        skipBlanks();
        int start = position;
        while (position < text.length() && isDigit(text.charAt(position))) {
            position++;
        }
        if (position == start || position - start > LONGEST_NUMBER) {
            position = start;
            throw unexpected("a size of 1 to " + LONGEST_NUMBER + " digits");
        }
        long size = Long.parseLong(text, start, position, 10);
        if (position < text.length() && text.charAt(position) == 'L') {
            position++; // Python 2 wrote its long integers so.
        }
        return size;
    }

    private String string() {
        char quote = peek();
        if (quote != '\'' && quote != '"') {
            throw unexpected("a quoted string");
        }
        int end = text.indexOf(quote, position + 1);
        if (end < 0) {
            throw unexpected("a string that is closed");
        }
        String content = text.substring(position + 1, end);
        position = end + 1;
        return content;
    }

    private boolean accept(char wanted) {
        if (peek() != wanted) {
            return false;
        }
        position++;
        return true;
    }

    private void expect(char wanted) {
        if (!accept(wanted)) {
            throw unexpected("'" + wanted + "'");
        }
    }

    /** The next character that is not blank, NUL at the end of the text. */
    private char peek() {
        skipBlanks();
        return position < text.length() ? text.charAt(position) : 0;
    }

    private void skipBlanks() {
        while (position < text.length() && " \t\n\r\f".indexOf(text.charAt(position)) >= 0) {
            position++;
        }
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }

    private void requireFirst(@Nullable Object earlier, String key) {
        if (earlier != null) {
            throw new MalformedBodyException(
                    "%s: header key '%s' comes twice".formatted(where, key));
        }
    }

    private <T> T required(@Nullable T value, String key) {
        if (value == null) {
            throw new MalformedBodyException(
                    "%s: header key '%s' is missing".formatted(where, key));
        }
        return value;
    }

    private MalformedBodyException unexpected(String expected) {
        String rest = text.substring(position, Math.min(text.length(), position + 20)).strip();
        return new MalformedBodyException(
                "%s: header at byte %d: expected %s, got %s"
                        .formatted(
                                where,
                                textOffset + position,
                                expected,
                                rest.isEmpty() ? "its end" : "\"" + rest + "\""));
    }
}
