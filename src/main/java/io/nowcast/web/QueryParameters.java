package io.nowcast.web;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriUtils;

/**
 * Reads typed values from a query string. It looks at the query alone: a servlet's own parameters
 * would take those of a form, and read the body to find them.
 */
final class QueryParameters {

    /** The offset with or without a colon: generated Python clients write {@code +0000}. */
    private static final DateTimeFormatter INSTANT =
            new DateTimeFormatterBuilder()
                    .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
                    .appendPattern("[XXXXX][XX]")
                    .toFormatter(Locale.ROOT)
                    .withResolverStyle(ResolverStyle.STRICT);

    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]{1,10}");
    private static final Pattern NUMBER = Pattern.compile("[-+0-9.eE]{1,400}");

    private final MultiValueMap<String, String> values;

    private QueryParameters(MultiValueMap<String, String> values) {
        this.values = values;
    }

    /**
     * Takes a query string apart.
     *
     * @throws ParameterException if a parameter is not one of {@code known}, or is given twice
     */
    static QueryParameters parse(@Nullable String query, Set<String> known) {
        MultiValueMap<String, String> values =
                UriComponentsBuilder.newInstance()
                        .query(query == null ? "" : query)
                        .build()
                        .getQueryParams();
        values.forEach((name, given) -> {
            if (!known.contains(name)) {
                throw new ParameterException(
                        "there is no parameter '%s'; known: %s"
                                .formatted(name, new TreeSet<>(known)));
            }
            if (given.size() > 1) {
                throw new ParameterException(
                        "parameter '%s' is given %d times".formatted(name, given.size()));
            }
        });
        return new QueryParameters(values);
    }

    Optional<String> text(String name) {
        List<@Nullable String> given = values.get(name);
        String value = given == null ? null : given.getFirst();
        if (given != null && (value == null || value.isEmpty())) {
            throw new ParameterException("parameter '" + name + "' has no value");
        }
        // In a query, '+' may stand for a space; in an instant's offset it stands for itself, so it
        // is left alone.
        return Optional.ofNullable(value).map(encoded -> decode(name, encoded));
    }

    private static String decode(String name, String encoded) {
        try {
            return UriUtils.decode(encoded, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw new ParameterException(
                    "parameter '" + name + "' is not correctly percent-encoded");
        }
    }

    Optional<Integer> integer(String name) {
        return parse(
                name, "an integer such as 12", text -> Integer.valueOf(written(text, INTEGER)));
    }

    OptionalDouble number(String name) {
        Optional<Double> number =
                parse(name, "a finite number such as 0.5", QueryParameters::finite);
        return number.map(OptionalDouble::of).orElse(OptionalDouble.empty());
    }

    private static Double finite(String text) {
        double number = Double.parseDouble(written(text, NUMBER));
        if (!Double.isFinite(number)) {
            throw new NumberFormatException();
        }
        return number;
    }

    /** Java also reads other digits, and numbers as they are written in its programs. */
    private static String written(String text, Pattern as) {
        if (!as.matcher(text).matches()) {
            throw new NumberFormatException();
        }
        return text;
    }

    Optional<Duration> duration(String name) {
        return parse(name, "an ISO-8601 duration such as PT5M", Duration::parse);
    }

    Optional<Instant> instant(String name) {
        return parse(
                name,
                "an ISO-8601 instant such as 2016-09-28T15:55:00Z",
                text -> OffsetDateTime.parse(text, INSTANT).toInstant());
    }

    Optional<Boolean> flag(String name) {
        return parse(
                name,
                "true or false",
                text ->
                        switch (text) {
                            case "true" -> true;
                            case "false" -> false;
                            default -> throw new IllegalArgumentException();
                        });
    }

    <T> Optional<T> parse(String name, String expected, Function<String, T> parser) {
        return text(name)
                .map(text -> {
                    try {
                        return parser.apply(text);
                    } catch (DateTimeParseException | IllegalArgumentException _) {
                        throw new ParameterException(
                                "parameter '%s' is '%s', expected %s"
                                        .formatted(name, text, expected));
                    }
                });
    }
}
