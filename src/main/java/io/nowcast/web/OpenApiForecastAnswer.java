package io.nowcast.web;

import static io.nowcast.web.OpenApiSchemas.array;
import static io.nowcast.web.OpenApiSchemas.described;
import static io.nowcast.web.OpenApiSchemas.duration;
import static io.nowcast.web.OpenApiSchemas.instant;
import static io.nowcast.web.OpenApiSchemas.integer;
import static io.nowcast.web.OpenApiSchemas.nullable;
import static io.nowcast.web.OpenApiSchemas.number;
import static io.nowcast.web.OpenApiSchemas.text;
import static io.nowcast.web.OpenApiSchemas.typed;

import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.List;

/** What OpenAPI says of a forecast: its formats and its headers. */
final class OpenApiForecastAnswer {

    private static final String DIGEST =
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    private static final String INPUT_DIGEST_TEXT =
            "SHA-256 of the body as it was sent; of a multipart body, of its parts' contents one behind the other";

    private OpenApiForecastAnswer() {}

    static ApiResponse response() {
        return new ApiResponse()
                .description("The forecast")
                .content(content())
                .addHeaderObject(
                        "Nowcast-Model", header("Name of the model", text("radar-convgru")))
                .addHeaderObject(
                        "Nowcast-Model-Digest",
                        header("SHA-256 of the weights", text(DIGEST).pattern("[0-9a-f]{64}")))
                .addHeaderObject(
                        "Nowcast-Model-Generation",
                        header(
                                "Which of the loadings under the model's name, 1 for the first since the start",
                                text("1").pattern("[0-9]+")))
                .addHeaderObject(
                        "Nowcast-Input-Digest",
                        header(INPUT_DIGEST_TEXT, text(DIGEST).pattern("[0-9a-f]{64}")))
                .addHeaderObject(
                        "Nowcast-Precision",
                        header("Number format that the model computed in", text("float32")))
                .addHeaderObject(
                        "Nowcast-Device", header("The device that computed it", text("cpu")))
                .addHeaderObject(
                        "Nowcast-Tiles",
                        header(
                                "Rows x columns of tiles and the pixels that they share, where the grid was too large for one model call and the model's manifest has such grids cut",
                                text("2x2; overlap=128")))
                .addHeaderObject(
                        "Nowcast-Valid-Times",
                        header(
                                "Instants of the forecast frames, where the reference time is known and there are at most 100",
                                text("2016-09-28T16:00:00Z, 2016-09-28T16:05:00Z")))
                .addHeaderObject(
                        "Server-Timing",
                        header(
                                "What the stages took, in milliseconds",
                                text(
                                        "decode;dur=1.2, queue;dur=0.1, inference;dur=140.0, encode;dur=0.9")))
                .addHeaderObject("X-Request-Id", header(OpenApiTexts.REQUEST_ID, text("storm-42")));
    }

    private static Content content() {
        Content content = new Content();
        binary(
                content,
                "application/x-npy",
                "float32 [S,H,W] ([B,S,H,W] for a batch), NaN = missing");
        binary(
                content,
                "application/x-npz",
                "forecast [S,H,W], lead_minutes, and with a known time valid_times and reference_time");
        binary(
                content,
                "application/zip",
                "S PNGs +005min.png, ... in the input's encoding, and metadata.json; a batch has folders 0/, 1/, ...; with format=geotiff, S GeoTIFFs +005min.tif, ... of float32");
        binary(
                content,
                "application/x-netcdf",
                "NetCDF classic under CF-1.8: precip_intensity [time,y,x], NaN = missing, times, coordinates and grid mapping");
        binary(content, "image/gif", "An animated picture, a frame a lead time");
        binary(content, "image/png", "With format=picture: one picture with a panel a lead time");
        binary(
                content,
                "text/csv",
                "A row a lead time: statistics, or with at, box or polygon a column a region");
        content.addMediaType("application/json", new MediaType().schema(json()));
        return content;
    }

    private static void binary(Content content, String mediaType, String description) {
        content.addMediaType(
                mediaType,
                new MediaType().schema(described(typed("string"), description).format("binary")));
    }

    private static Schema<Object> json() {
        Schema<Object> schema = typed("object");
        schema.setDescription(
                "Metadata and statistics a lead time; a batch has leadTimes and values in each of its forecasts");
        schema.addProperty("model", text("radar-convgru"));
        schema.addProperty("modelDigest", text(DIGEST));
        schema.addProperty("modelGeneration", integer(1));
        schema.addProperty("inputDigest", described(text(DIGEST), INPUT_DIGEST_TEXT));
        schema.addProperty("precision", text("float32"));
        schema.addProperty("device", text("cpu"));
        schema.addProperty("tiles", described(text("2x2; overlap=128"), "As Nowcast-Tiles"));
        schema.addProperty("interval", duration("PT5M"));
        schema.addProperty("referenceTime", instant("2016-09-28T15:55:00Z"));
        schema.addProperty("units", text("mm/h"));
        Schema<Object> grid = typed("object");
        grid.addProperty("height", integer(64));
        grid.addProperty("width", integer(64));
        schema.addProperty("grid", grid);
        schema.addProperty("steps", integer(12));
        schema.addProperty("leadTimes", array(leadTime()));
        schema.addProperty("values", values());
        Schema<Object> sequence = typed("object");
        sequence.addProperty("leadTimes", array(leadTime()));
        sequence.addProperty("values", values());
        schema.addProperty("forecasts", described(array(sequence), "Of a batch only"));
        schema.setRequired(
                List.of(
                        "model",
                        "modelDigest",
                        "modelGeneration",
                        "inputDigest",
                        "precision",
                        "device",
                        "interval",
                        "units",
                        "grid",
                        "steps"));
        return schema;
    }

    private static Schema<Object> leadTime() {
        Schema<Object> schema = typed("object");
        schema.addProperty("leadMinutes", number(5));
        schema.addProperty("validTime", instant("2016-09-28T16:00:00Z"));
        schema.addProperty("statistics", statistics());
        return schema;
    }

    private static Schema<Object> statistics() {
        Schema<Object> schema = typed("object");
        schema.setDescription("Of the pixels that are not missing, null where all are");
        schema.addProperty("minimum", nullable(number(0)));
        schema.addProperty("maximum", nullable(number(12.5)));
        schema.addProperty("mean", nullable(number(0.42)));
        schema.addProperty("missing", described(integer(0), "Number of missing pixels"));
        schema.addProperty(
                "wetFraction",
                described(nullable(number(0.31)), "Share with at least 0.1 mm/h; in mm/h only"));
        return schema;
    }

    private static Schema<Object> values() {
        return described(
                array(array(array(nullable(number(0.42))))),
                "With values=true: [S][H][W], null = missing");
    }

    private static Header header(String description, Schema<?> schema) {
        return new Header().description(description).schema(schema);
    }
}
