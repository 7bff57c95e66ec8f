package io.nowcast.codec;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The unit of a CF time coordinate, such as {@code minutes since 2020-01-01 00:00}.
 *
 * @param seconds of one unit
 */
record CfTime(String where, double seconds, Instant epoch) {

    private static final Pattern UNITS =
            Pattern.compile(
                    "(second|sec|s|minute|min|hour|hr|h|day|d)s? since (\\d{4})-(\\d{1,2})-(\\d{1,2})(?:[ T](\\d{1,2}):(\\d{2})(?::(\\d{2})(?:\\.\\d*)?)?)?\\s*(?:Z|UTC|[+-]00:?00)?",
                    Pattern.CASE_INSENSITIVE);

    /** Beyond this many seconds lie no instants of radar frames. */
    private static final double FARTHEST = 1e12;

    static boolean isTime(String units) {
        return units.contains(" since ");
    }

    static CfTime parse(String where, String units, String calendar) {
        Matcher matcher = UNITS.matcher(units.strip());
        boolean known =
                calendar.toLowerCase(Locale.ROOT)
                        .matches("standard|gregorian|proleptic_gregorian|");
        if (!matcher.matches() || !known) {
            throw new UnusableFramesException(
                    "%s: units are '%s' in the calendar '%s', expected ones like 'seconds since 2020-01-01 00:00:00' (UTC) in the standard calendar"
                            .formatted(where, units, calendar));
        }
        double seconds =
                switch (matcher.group(1).toLowerCase(Locale.ROOT).charAt(0)) {
                    case 's' -> 1;
                    case 'm' -> 60;
                    case 'h' -> 3600;
                    default -> 86_400;
                };
        try {
            LocalDateTime epoch =
                    LocalDateTime.of(
                            number(matcher, 2),
                            number(matcher, 3),
                            number(matcher, 4),
                            number(matcher, 5),
                            number(matcher, 6),
                            number(matcher, 7));
            return new CfTime(where, seconds, epoch.toInstant(ZoneOffset.UTC));
        } catch (DateTimeException problem) {
            throw new UnusableFramesException(
                    "%s: units are '%s': %s".formatted(where, units, problem.getMessage()));
        }
    }

    private static int number(Matcher matcher, int group) {
        return matcher.group(group) == null ? 0 : Integer.parseInt(matcher.group(group));
    }

    /** The instant of a coordinate, to the millisecond: days as doubles hold no more. */
    Instant instant(double coordinate) {
        double since = coordinate * seconds;
        if (!(Math.abs(since) < FARTHEST)) {
            throw new UnusableFramesException(
                    "%s: %s is no time of a radar frame".formatted(where, coordinate));
        }
        return epoch.plusMillis(Math.round(since * 1000));
    }
}
