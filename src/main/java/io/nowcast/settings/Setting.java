package io.nowcast.settings;

import java.time.Duration;

/**
 * Refuses what a property must not be, so that the start fails with one sentence that names it.
 * Properties ask in their constructors: Bean Validation would take a tenth of the start.
 */
public final class Setting {

    private Setting() {}

    /** Refuses a number below the least one. */
    public static void requireAtLeast(long least, String property, long value) {
        if (value < least) {
            throw refused(property, value, "%d or more".formatted(least));
        }
    }

    /** Refuses a time below the least one. */
    public static void requireAtLeast(Duration least, String property, Duration value) {
        if (value.compareTo(least) < 0) {
            throw refused(property, value, "%s or more".formatted(least));
        }
    }

    /** Refuses a number outside of the bounds, both of which are allowed. */
    public static void requireBetween(long least, long most, String property, long value) {
        if (value < least || value > most) {
            throw refused(property, value, "%d to %d".formatted(least, most));
        }
    }

    /** Refuses zero, what is below it and what is no number. */
    public static void requirePositive(String property, double value) {
        if (!(value > 0)) {
            throw refused(property, value, "a number above 0");
        }
    }

    /** Refuses a text without any letter. */
    public static void requireText(String property, String value) {
        if (value.isBlank()) {
            throw refused(property, "'" + value + "'", "a name");
        }
    }

    private static IllegalArgumentException refused(
            String property, Object value, String expected) {
        return new IllegalArgumentException(
                "%s is %s; expected %s".formatted(property, value, expected));
    }
}
