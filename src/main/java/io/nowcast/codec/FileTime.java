package io.nowcast.codec;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The instants that files and their names tell, all of them in UTC. */
final class FileTime {

    private static final Pattern DIGITS =
            Pattern.compile("(?<!\\d)(\\d{8})[T_-]?(\\d{4}|\\d{6})(?!\\d)");

    /** MeteoSwiss: three letters, year, day of the year, hour and minute. */
    private static final Pattern SWISS =
            Pattern.compile("^[A-Z]{3}(\\d{2})(\\d{3})(\\d{2})(\\d{2})");

    private static final DateTimeFormatter KNMI =
            new java.time.format.DateTimeFormatterBuilder()
                    .parseCaseInsensitive()
                    .appendPattern("dd-MMM-yyyy;HH:mm:ss")
                    .optionalStart()
                    .appendPattern(".SSS")
                    .optionalEnd()
                    .toFormatter(Locale.ENGLISH);

    private FileTime() {}

    /** Date and time as ODIM_H5 writes them, {@code YYYYMMDD} and {@code HHmmss}. */
    static Optional<Instant> ofDateAndTime(String date, String time) {
        return ofDigits(date + time);
    }

    /** {@code YYYYMMDDHHmm} or {@code YYYYMMDDHHmmss}. */
    static Optional<Instant> ofDigits(String digits) {
        if (!digits.matches("\\d{12}(\\d{2})?")) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    LocalDateTime.of(
                                    part(digits, 0, 4),
                                    part(digits, 4, 6),
                                    part(digits, 6, 8),
                                    part(digits, 8, 10),
                                    part(digits, 10, 12),
                                    digits.length() == 14 ? part(digits, 12, 14) : 0)
                            .toInstant(ZoneOffset.UTC));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    private static int part(String digits, int start, int end) {
        return Integer.parseInt(digits.substring(start, end));
    }

    /** As KNMI writes it: {@code 26-AUG-2010;03:00:00.000}. */
    static Optional<Instant> ofKnmi(String text) {
        try {
            return Optional.of(LocalDateTime.parse(text, KNMI).toInstant(ZoneOffset.UTC));
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }

    /**
     * The time in a file's name: the first {@code YYYYMMDDHHmm}, with or without seconds or a
     * separator before the hour, or MeteoSwiss's {@code AQC161932200}.
     */
    static Optional<Instant> ofName(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        Matcher swiss = SWISS.matcher(name);
        if (swiss.find()) {
            try {
                return Optional.of(
                        LocalDate.ofYearDay(
                                        2000 + Integer.parseInt(swiss.group(1)),
                                        Integer.parseInt(swiss.group(2)))
                                .atTime(
                                        Integer.parseInt(swiss.group(3)),
                                        Integer.parseInt(swiss.group(4)))
                                .toInstant(ZoneOffset.UTC));
            } catch (DateTimeException _) {
                return Optional.empty();
            }
        }
        Matcher digits = DIGITS.matcher(name);
        while (digits.find()) {
            Optional<Instant> time = ofDigits(digits.group(1) + digits.group(2));
            if (time.isPresent()) {
                return time;
            }
        }
        return Optional.empty();
    }
}
