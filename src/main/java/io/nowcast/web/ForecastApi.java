package io.nowcast.web;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;

/**
 * The mapping of {@code POST /forecast}; {@link OpenApiDescription} adds what both kinds of body
 * share.
 */
@Tag(name = "forecast", description = "The last radar frames in, the next ones out")
interface ForecastApi {

    /** One body: NPY, NPZ or a ZIP of PNGs. */
    @PostMapping("/forecast")
    @Operation(
            operationId = "forecast",
            summary = "Forecast the next radar frames",
            description = OpenApiTexts.FORECAST,
            requestBody =
                    @RequestBody(
                            required = true,
                            description = OpenApiTexts.BODY,
                            content = {
                                // First, for generated clients: the first bytes tell the format.
                                @Content(
                                        mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
                                        schema = @Schema(type = "string", format = "binary")),
                                @Content(
                                        mediaType = "application/x-npy",
                                        schema = @Schema(type = "string", format = "binary")),
                                @Content(
                                        mediaType = "application/x-npz",
                                        schema = @Schema(type = "string", format = "binary")),
                                @Content(
                                        mediaType = "application/zip",
                                        schema = @Schema(type = "string", format = "binary")),
                                @Content(
                                        mediaType = "application/x-hdf5",
                                        schema = @Schema(type = "string", format = "binary")),
                                @Content(
                                        mediaType = "application/x-netcdf",
                                        schema = @Schema(type = "string", format = "binary")),
                                @Content(
                                        mediaType = "image/tiff",
                                        schema = @Schema(type = "string", format = "binary")),
                                @Content(
                                        mediaType = "image/gif",
                                        schema = @Schema(type = "string", format = "binary")),
                                @Content(
                                        mediaType = "image/x-portable-graymap",
                                        schema = @Schema(type = "string", format = "binary")),
                                @Content(
                                        mediaType = "application/gzip",
                                        schema = @Schema(type = "string", format = "binary")),
                                @Content(
                                        mediaType = MediaType.MULTIPART_FORM_DATA_VALUE,
                                        schema = @Schema(implementation = FrameParts.class))
                            }))
    void forecast(
            @Parameter(hidden = true) HttpServletRequest request,
            @Parameter(hidden = true) HttpServletResponse response)
            throws IOException, ServletException, InterruptedException;

    /** Parts named {@code frames}: one NPY, NPZ or ZIP, or PNGs in order. */
    @PostMapping(path = "/forecast", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    @Operation(hidden = true)
    void forecastParts(
            @Parameter(hidden = true) HttpServletRequest request,
            @Parameter(hidden = true) HttpServletResponse response)
            throws IOException, ServletException, InterruptedException;
}
