package io.nowcast.web;

import static io.nowcast.web.OpenApiSchemas.duration;
import static io.nowcast.web.OpenApiSchemas.instant;
import static io.nowcast.web.OpenApiSchemas.integer;
import static io.nowcast.web.OpenApiSchemas.number;
import static io.nowcast.web.OpenApiSchemas.oneOf;
import static io.nowcast.web.OpenApiSchemas.text;

import io.nowcast.codec.FrameFormat;
import io.nowcast.frames.RainUnit;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.QueryParameter;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;

/** What OpenAPI says of the parameters of {@code POST /forecast}. */
final class OpenApiParameters {

    private OpenApiParameters() {}

    static List<Parameter> all() {
        return List.of(
                query(
                        "model",
                        "Name of the model; the default model where absent",
                        text("radar-convgru")),
                query(
                        "steps",
                        "Lead steps S; default and limit are the model's",
                        integer(12).minimum(BigDecimal.ONE)),
                query(
                        "units",
                        "Unit of floating-point frames, of integers whose encoding the request gives, and of the answer. `model`: the model's own number range. Integers in the model's own encoding carry that encoding's unit",
                        units()),
                query(
                        "time",
                        "Instant of the last input frame; with it, answers carry valid times",
                        instant("2016-09-28T15:55:00Z")),
                query(
                        "interval",
                        "Time between the input frames, checked against the model's; `resample` interpolates frames at other times, where the model allows it",
                        text("PT5M")),
                query(
                        "timeout",
                        "Time after which the answer is worthless; at most the service's own",
                        duration("PT10S")),
                query("format", "Format of the answer, over Accept", formats()),
                query(
                        "scale_factor",
                        "Integer input: physical = value * scale_factor + add_offset. Where this or add_offset is given, the other defaults to 1 or 0; where neither is, both are the model's for the bit depth",
                        number(0.5)),
                query("add_offset", "See scale_factor", number(-32)),
                query(
                        "fill_value",
                        "The value that means missing; the model's for the bit depth where absent. In floating-point input NaN is missing as well",
                        number(255)),
                query(
                        "zr",
                        "a and b of Z = a R^b between dBZ and mm/h, over those of the file and the model",
                        text("200,1.6")),
                query(
                        "product",
                        "What to make of the forecast: `accumulation` (mm over all lead times), `accumulation:PT30M` (mm over each 30 minutes, which must divide the forecast) or `exceedance:10` (1 where the value, in `units`, is at least 10, else 0)",
                        text("accumulation:PT30M")),
                query(
                        "at",
                        "A time series at the pixel of each longitude,latitude, set apart by semicolons; JSON or CSV",
                        text("24.95,60.17;23.76,61.5")),
                query(
                        "box",
                        "A time series of the mean over west,south,east,north in degrees",
                        text("24,60,25.5,60.5")),
                query(
                        "polygon",
                        "A time series of the mean over a GeoJSON Polygon or MultiPolygon",
                        text(
                                "{\"type\":\"Polygon\",\"coordinates\":[[[24,60],[25,60],[25,61],[24,60]]]}")),
                query("values", "JSON answers only: whether to carry the values", values()),
                new HeaderParameter()
                        .name(Callers.PRIORITY)
                        .description(
                                "Urgency u from 0, served first, to 7 (RFC 9218); 3 where absent")
                        .schema(text("u=1")),
                new HeaderParameter()
                        .name(RequestIdFilter.HEADER)
                        .description(
                                "The client's own id of this request; one is made up where it is absent or not decent")
                        .schema(text("storm-42").pattern(RequestIdFilter.DECENT.pattern())));
    }

    private static Parameter query(String name, String description, Schema<?> schema) {
        return new QueryParameter().name(name).description(description).schema(schema);
    }

    private static Schema<Object> units() {
        Schema<Object> schema =
                oneOf(
                        Arrays.stream(RainUnit.values())
                                .filter(unit -> unit != RainUnit.NONE)
                                .map(RainUnit::symbol)
                                .toList(),
                        RainUnit.DBZ.symbol());
        schema.setDefault(RainUnit.MILLIMETRES_PER_HOUR.symbol());
        return schema;
    }

    private static Schema<Object> formats() {
        return oneOf(
                Arrays.stream(FrameFormat.values()).map(FrameFormat::parameter).toList(),
                FrameFormat.NPZ.parameter());
    }

    private static Schema<Object> values() {
        Schema<Object> schema = OpenApiSchemas.typed("boolean");
        schema.setDefault(false);
        schema.setExample(true);
        return schema;
    }
}
