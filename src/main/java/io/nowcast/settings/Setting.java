package io.nowcast.settings;

import java.time.Duration;
import org.springframework.util.unit.DataSize;

/**
 * Refuses what a property must not be, so that the start fails with one sentence that names it.
 * Properties ask in their constructors: Bean Validation would take a tenth of the start.
 */
public final class Setting {

    /** A clock's nanoseconds and those of more than 292 years are a number no more. */
    private static final Duration LONGEST = Duration.ofDays(365);

    private Setting() {}

    /** Refuses a number below the least one. */
    public static void requireAtLeast(long least, String property, long value) {
        if (value < least) {
            throw refused(property, value, "%d or more".formatted(least));
        }
    }

    /** Refuses a time below the least one, and one above a year. */
    public static void requireTime(Duration least, String property, Duration value) {
        if (value.compareTo(least) < 0 || value.compareTo(LONGEST) > 0) {
            throw refused(property, value, "%s to %s".formatted(least, LONGEST));
        }
    }

    /** Refuses a number of bytes below the least one. */
    public static void requireAtLeast(DataSize least, String property, DataSize value) {
        if (value.compareTo(least) < 0) {
            throw refused(property, value, "%s or more".formatted(least));
        }
    }

    /** Refuses a number of bytes that the largest heap of this process does not hold. */
    public static void requireWithinHeap(String property, DataSize value) {
        DataSize heap = DataSize.ofBytes(Runtime.getRuntime().maxMemory());
        if (value.compareTo(heap) > 0) {
            throw refused(property, value, "no more than the heap of %s (-Xmx)".formatted(heap));
        }
    }

    /** Refuses a number of bytes outside of the bounds, both of which are allowed. */
    public static void requireBetween(
            DataSize least, DataSize most, String property, DataSize value) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw refused(property, value, "%s to %s".formatted(least, most));
        }
    }

    /** Refuses a number outside of the bounds, both of which are allowed. */
    public static void requireBetween(long least, long most, String property, long value) {
        if (value < least || value > most) {
            throw refused(property, value, "%d to %d".formatted(least, most));
        }
    }

    /** Refuses zero, what is below it, infinity and what is no number. */
    public static void requirePositive(String property, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
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
