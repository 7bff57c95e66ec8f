package io.nowcast.web;

import io.nowcast.codec.DecodingRules;
import io.nowcast.codec.FrameFormat;
import io.nowcast.frames.PixelEncoding;
import io.nowcast.frames.PixelEncodings;
import io.nowcast.frames.RainUnit;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
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
        boolean values) {

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
                    "values");

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
                                "mm/h, dBZ or model",
                                text ->
                                        RainUnit.ofSymbol(text)
                                                .orElseThrow(IllegalArgumentException::new))
                        .orElse(RainUnit.MILLIMETRES_PER_HOUR),
                query.instant("time"),
                query.duration("interval"),
                query.duration("timeout"),
                query.parse(
                        "format",
                        "npy, npz, png or json",
                        text ->
                                FrameFormat.ofParameter(text)
                                        .orElseThrow(IllegalArgumentException::new)),
                query.number("scale_factor"),
                query.number("add_offset"),
                query.number("fill_value"),
                query.flag("values").orElse(false));
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
                fillValue);
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
