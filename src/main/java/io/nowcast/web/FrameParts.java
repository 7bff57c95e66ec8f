package io.nowcast.web;

import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/**
 * The multipart form of a request, as OpenAPI describes it.
 *
 * @param frames one NPY, NPZ or ZIP, or one PNG a frame, oldest first
 */
record FrameParts(
        @ArraySchema(
                        arraySchema =
                                @Schema(
                                        description =
                                                "One NPY, NPZ or ZIP, or one PNG a frame, oldest first",
                                        requiredMode = Schema.RequiredMode.REQUIRED),
                        schema = @Schema(type = "string", format = "binary"))
                List<String> frames) {}
