package io.nowcast.cli;

import java.util.regex.Pattern;

/** Names that come from a file or its path, and may hold anything, as they can be printed. */
final class ForeignText {

    /** Control and format characters of Unicode: a terminal obeys them. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    private static final Pattern UNPRINTABLE_WITHIN_LINES =
            Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}&&[^\\n]]");

    private ForeignText() {}

    /** One line for people. */
    static String line(String text) {
        return UNPRINTABLE.matcher(text).replaceAll("?");
    }

    /** A message, which may have several lines. */
    static String message(String text) {
        return UNPRINTABLE_WITHIN_LINES.matcher(text).replaceAll("?");
    }

    /** A scalar between double quotes: YAML 1.2, section 7.3.1. */
    static String yaml(String text) {
        String escaped = text.replace("\\", "\\\\").replace("\"", "\\\"");
        return "\""
                + UNPRINTABLE
                        .matcher(escaped)
                        .replaceAll(found -> "\\\\U%08x".formatted(found.group().codePointAt(0)))
                + "\"";
    }
}
