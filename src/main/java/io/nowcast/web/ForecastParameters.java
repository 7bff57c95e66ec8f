package io.nowcast.web;

import io.nowcast.codec.DecodingRules;
import io.nowcast.codec.FrameFormat;
import io.nowcast.frames.PixelEncoding;
import io.nowcast.frames.PixelEncodings;
import io.nowcast.frames.RainUnit;
import io.nowcast.frames.ZrCoefficients;
import io.nowcast.products.GeoJsonRegion;
import io.nowcast.products.Product;
import io.nowcast.products.Region;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The query parameters of {@code POST /forecast}.
 *
 * @param unit unit of floating-point frames, of integers with an encoding of the request's own, and
 *     of the answer
 * @param scaleFactor and {@code addOffset} and {@code fillValue}: the request's own encoding of
 *     integers
 * @param format of the answer, over {@code Accept}
 * @param values whether a JSON answer carries the values
 * @param zr the relation between dBZ and mm/h, over the file's and the model's
 * @param resample whether frames at other times are to be interpolated to the model's interval
 * @param product what to make of the forecast
 * @param regions what to average over
 */
record ForecastParameters(
        Optional<String> model,
        Optional<Integer> steps,
        RainUnit unit,
        Optional<Instant> time,
        Optional<Duration> interval,
        Optional<Duration> timeout,
        Optional<FrameFormat> format,
        OptionalDouble scaleFactor,
        OptionalDouble addOffset,
        OptionalDouble fillValue,
        boolean values,
        Optional<ZrCoefficients> zr,
        boolean resample,
        Optional<Product> product,
        List<Region> regions) {

    private static final String FORMATS =
            Arrays.stream(FrameFormat.values())
                    .map(FrameFormat::parameter)
                    .collect(Collectors.joining(", "));

    private static final Set<String> NAMES =
            Set.of(
                    "model",
                    "steps",
                    "units",
                    "time",
                    "interval",
                    "timeout",
                    "format",
                    "scale_factor",
                    "add_offset",
                    "fill_value",
                    "values",
                    "zr",
                    "product",
                    "at",
                    "box",
                    "polygon");

    private static final String RESAMPLE = "resample";
    private static final int MOST_POINTS = 1000;

    /**
     * Reads the query of a request.
     *
     * @throws ParameterException naming the parameter that cannot be used
     */
    static ForecastParameters of(@Nullable String queryString) {
        QueryParameters query = QueryParameters.parse(queryString, NAMES);
        return new ForecastParameters(
                query.text("model"),
                query.integer("steps"),
                query.parse(
                                "units",
                                "mm/h, mm, dBZ or model",
                                text ->
                                        RainUnit.ofSymbol(text)
                                                .orElseThrow(IllegalArgumentException::new))
                        .orElse(RainUnit.MILLIMETRES_PER_HOUR),
                query.instant("time"),
                query.parse(
                                "interval",
                                "an ISO-8601 duration such as PT5M, or resample",
                                text ->
                                        text.equals(RESAMPLE)
                                                ? Optional.<Duration>empty()
                                                : Optional.of(Duration.parse(text)))
                        .flatMap(interval -> interval),
                query.duration("timeout"),
                query.parse(
                        "format",
                        FORMATS,
                        text ->
                                FrameFormat.ofParameter(text)
                                        .orElseThrow(IllegalArgumentException::new)),
                query.number("scale_factor"),
                query.number("add_offset"),
                query.number("fill_value"),
                query.flag("values").orElse(false),
                query.parse(
                        "zr",
                        "a and b of Z = a R^b, such as 200,1.6",
                        ForecastParameters::relation),
                query.text("interval").equals(Optional.of(RESAMPLE)),
                query.parse(
                        "product",
                        "accumulation, accumulation:PT30M or exceedance:10",
                        Product::parse),
                regions(query));
    }

    private static List<Region> regions(QueryParameters query) {
        List<Region> regions =
                new ArrayList<>(
                        query.parse(
                                        "at",
                                        "longitude,latitude, several ones set apart by ';'",
                                        ForecastParameters::points)
                                .orElse(List.of()));
        query.parse(
                        "box",
                        "west,south,east,north in degrees",
                        text -> {
                            double[] edges = numbers(text, 4);
                            return Region.box(edges[0], edges[1], edges[2], edges[3]);
                        })
                .ifPresent(regions::add);
        query.parse("polygon", "a GeoJSON Polygon or MultiPolygon", GeoJsonRegion::parse)
                .ifPresent(regions::add);
        return regions;
    }

    private static List<Region> points(String text) {
        List<String> places = List.of(text.split(";", -1));
        if (places.size() > MOST_POINTS) {
            throw new IllegalArgumentException();
        }
        return places.stream()
                .map(place -> {
                    double[] position = numbers(place, 2);
                    return Region.point(position[0], position[1]);
                })
                .toList();
    }

    private static double[] numbers(String text, int count) {
        double[] numbers =
                Arrays.stream(text.split(",", -1)).mapToDouble(Double::parseDouble).toArray();
        if (numbers.length != count) {
            throw new IllegalArgumentException();
        }
        return numbers;
    }

    private static ZrCoefficients relation(String text) {
        double[] numbers = numbers(text, 2);
        return new ZrCoefficients(numbers[0], numbers[1]);
    }

    /**
     * What the numbers of the body mean: the model's encodings where the request has none of its
     * own.
     */
    DecodingRules decodingRules(PixelEncodings defaults) {
        return new DecodingRules(
                unit,
                encoding(defaults.eightBit()),
                encoding(defaults.sixteenBit()),
                encoding(PixelEncoding.identity(unit)),
                fillValue,
                scaleFactor.isPresent() || addOffset.isPresent());
    }

    private PixelEncoding encoding(PixelEncoding standard) {
        OptionalDouble fill = fillValue.isPresent() ? fillValue : standard.fillValue();
        if (scaleFactor.isEmpty() && addOffset.isEmpty()) {
            return new PixelEncoding(
                    standard.unit(), standard.scaleFactor(), standard.addOffset(), fill);
        }
        double factor = scaleFactor.orElse(1);
        if (factor == 0) {
            throw new ParameterException(
                    "parameter 'scale_factor' is 0, expected any other number");
        }
        return new PixelEncoding(unit, factor, addOffset.orElse(0), fill);
    }
}
