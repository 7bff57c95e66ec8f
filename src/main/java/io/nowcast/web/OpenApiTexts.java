package io.nowcast.web;

/** The longer texts of the OpenAPI description. */
final class OpenApiTexts {

    static final String FORECAST =
            """
            Takes the last T radar frames, oldest first and equally spaced, and returns the next S frames. Of more frames \
            than the model reads, the last ones are used. A pixel that is missing in the last frame is missing in the \
            answer; a model whose `coverage` is advected moves that with the rain. Grids of any size within the model's limits are served. Without `format`, the header `Accept` chooses \
            the answer's format; where it takes anything, the answer is of the kind that came in.\
            """;

    static final String BODY =
            """
            One array [T,H,W], [T,1,H,W] or [B,T,1,H,W] of any real dtype (NPY); an NPZ with `frames` and optionally \
            `times` in epoch seconds; a ZIP of PNGs in natural name order, 8- or 16-bit grey or palette; or a multipart \
            form with parts named `frames`. Files of radar networks, one a frame in a ZIP or multipart form or several frames in \
            one: ODIM_H5 and KNMI HDF5, CF NetCDF, GeoTIFF, PGM (also gzip-compressed) and palette GIF, with the times and \
            the place that they tell. Of application/octet-stream, the first bytes tell the format. A body \
            that is not multipart may come with `Content-Encoding: gzip`.\
            """;

    static final String REQUEST_ID =
            "Id of this request, also in problems and in the service's log";

    static final String RELOAD =
            """
            Loads the folder beside the generation that is served, checks and warms it as at a start, then switches: \
            requests that were admitted before are answered by the old generation, those after by the new one, and none \
            fails. Answers when the new one serves. A folder that is new is served for the first time; a bad one is refused with \
            the reason, and the old generation goes on. One change at a time.\
            """;

    static final String ROLLBACK =
            """
            Loads the files of the generation before the present one, as they were when that was loaded, and switches to \
            them as a reload does. It becomes a generation with a new number. The models directory is not changed: after a \
            restart what lies there is served.\
            """;

    private OpenApiTexts() {}
}
