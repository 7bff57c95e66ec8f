package io.nowcast.web;

import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;

/** What OpenAPI says of problems: when each comes, and what one looks like. */
final class OpenApiProblems {

    static final String SCHEMA = "ProblemDetail";

    private static final String REQUEST_ID = "6f1c0b1e-8a54-4c50-9d0b-0d9d0b6a7c11";

    private OpenApiProblems() {}

    static Schema<Object> schema() {
        Schema<Object> schema = OpenApiSchemas.typed("object");
        schema.setDescription("RFC 9457 problem details");
        schema.addProperty("type", OpenApiSchemas.text("urn:nowcast:problem:422").format("uri"));
        schema.addProperty("title", OpenApiSchemas.text("Unprocessable Content"));
        schema.addProperty("status", OpenApiSchemas.integer(422));
        schema.addProperty(
                "detail",
                OpenApiSchemas.text("model radar-convgru needs 5 frames, got 4")
                        .description("What was expected, what came and where"));
        schema.addProperty("instance", OpenApiSchemas.text("/forecast").format("uri-reference"));
        schema.addProperty(
                RequestIdFilter.KEY,
                OpenApiSchemas.text(REQUEST_ID).description(OpenApiTexts.REQUEST_ID));
        schema.setRequired(List.of("type", "title", "status", "detail"));
        return schema;
    }

    static void addToForecast(ApiResponses responses) {
        add(
                responses,
                HttpStatus.BAD_REQUEST,
                "The body is malformed: bad magic, truncated, damaged; the place is named",
                "body: truncated at byte 4096: shape [5, 64, 64] of 1-byte elements needs 20608 bytes (128 of header)");
        addAccess(responses, "forecast", "/forecast");
        unknownModel(responses, "/forecast");
        add(
                responses,
                HttpStatus.NOT_ACCEPTABLE,
                "Accept names no format of an answer",
                "Accept is 'text/html'; answers are [application/x-npy, application/x-npz, application/zip, application/json, application/x-netcdf, image/gif, text/csv]");
        add(
                responses,
                HttpStatus.REQUEST_TIMEOUT,
                "The body comes too slowly; the limit is named",
                "4096 bytes of the body came in 10.5 s; expected at least 16384 bytes a second (nowcast.limits.upload-rate) after 10.0 s (nowcast.limits.upload-grace)");
        add(
                responses,
                HttpStatus.CONTENT_TOO_LARGE,
                "The body is too large, compressed or expanded, or the request needs more than the queue's memory or the client's quota ever has; the limit is named",
                "a body may have 67108864 bytes (nowcast.limits.body), this one has 80000128 bytes");
        add(
                responses,
                HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                "Frames do not come in this media type",
                "Content-Type is 'text/plain'; frames come as application/x-npy, application/x-npz, application/zip, application/x-hdf5, application/x-netcdf, image/tiff, image/gif, application/octet-stream or multipart/form-data (curl sends the right one with -H 'Content-Type: application/x-npy')");
        add(
                responses,
                HttpStatus.UNPROCESSABLE_CONTENT,
                "Well-formed but unusable: a parameter, frame count, grid, interval, units, or nothing but missing data",
                "model radar-convgru needs 5 frames, got 4");
        responses.addApiResponse(
                "429",
                withQuotas(
                        problem(
                                        HttpStatus.TOO_MANY_REQUESTS,
                                        "The client has used up its quota; the quota is named",
                                        "the request needs 1 requests, the client has 0 left of 60 in PT1M (nowcast.quota.requests)",
                                        "/forecast")
                                .addHeaderObject("Retry-After", retryAfter())));
        add(
                responses,
                HttpStatus.INTERNAL_SERVER_ERROR,
                "The model or the service failed; its log has the details under the request id",
                "the model failed; the failure is in the service's log");
        responses.addApiResponse(
                "503",
                problem(
                                HttpStatus.SERVICE_UNAVAILABLE,
                                "No room, no answer in time, no device, or shutting down",
                                "an answer would take about 6.2 s; twice that is longer than the request's timeout of PT10S",
                                "/forecast")
                        .addHeaderObject("Retry-After", retryAfter()));
        add(
                responses,
                HttpStatus.GATEWAY_TIMEOUT,
                "The deadline passed; the work was dropped",
                "no answer within PT10S");
    }

    /** The headers that tell of quotas, where there are any. */
    static ApiResponse withQuotas(ApiResponse response) {
        return response.addHeaderObject(
                        "RateLimit-Policy",
                        header(
                                "The quotas of a client, where there are any",
                                "\"requests\";q=60;w=60;qu=\"requests\""))
                .addHeaderObject(
                        "RateLimit", header("What the client has left", "\"requests\";r=0;t=60"));
    }

    /** What comes without a credential, or with one that does not do. */
    static void addAccess(ApiResponses responses, String scope, String instance) {
        addAccess(responses, scope, instance, "The client lacks the scope");
    }

    private static void addAccess(
            ApiResponses responses, String scope, String instance, String forbidden) {
        String challenge = "Bearer realm=\"nowcast\"";
        responses.addApiResponse(
                "401",
                problem(
                                HttpStatus.UNAUTHORIZED,
                                "No credential came, or none that is in force",
                                "expected 'Authorization: Bearer KEY' or 'X-API-Key: KEY'",
                                instance)
                        .addHeaderObject(
                                "WWW-Authenticate", header("What is expected", challenge)));
        responses.addApiResponse(
                "403",
                problem(
                                HttpStatus.FORBIDDEN,
                                forbidden,
                                "this needs the scope %s, which the client does not have"
                                        .formatted(scope),
                                instance)
                        .addHeaderObject(
                                "WWW-Authenticate",
                                header(
                                        "The scope",
                                        "%s, error=\"insufficient_scope\", scope=\"%s\""
                                                .formatted(challenge, scope))));
    }

    static void addToChange(ApiResponses responses, String instance) {
        addAccess(
                responses,
                "admin",
                instance,
                "The client lacks the scope, or the service knows no clients (nowcast.security.mode is none) and nowcast.security.open-admin is false");
        responses.addApiResponse(
                "404",
                problem(
                        HttpStatus.NOT_FOUND,
                        "Neither is a model of this name served, nor is there a folder of it",
                        "no model 'radar' is served",
                        instance));
        responses.addApiResponse(
                "409",
                problem(
                        HttpStatus.CONFLICT,
                        "Another change is under way, there is nothing to go back to, or the service does not change models (nowcast.models.changes)",
                        "a change of model 'radar' is under way, and there is one at a time",
                        instance));
        responses.addApiResponse(
                "422",
                problem(
                        HttpStatus.UNPROCESSABLE_CONTENT,
                        "What was to be served is bad; what was served before goes on",
                        "model.yaml names the weights 'weights.pth', which are not in the folder",
                        instance));
    }

    private static Header header(String description, String example) {
        return new Header().description(description).schema(OpenApiSchemas.text(example));
    }

    static void unknownModel(ApiResponses responses, String instance) {
        responses.addApiResponse(
                "404",
                problem(
                        HttpStatus.NOT_FOUND,
                        "No model of this name is served",
                        "model 'radar' is not known; served: radar-convgru",
                        instance));
    }

    private static void add(
            ApiResponses responses, HttpStatus status, String description, String detail) {
        responses.addApiResponse(
                Integer.toString(status.value()),
                problem(status, description, detail, "/forecast"));
    }

    private static ApiResponse problem(
            HttpStatus status, String description, String detail, String instance) {
        Map<String, Object> example = new LinkedHashMap<>();
        example.put("type", ProblemDetails.type(status).toString());
        example.put("title", status.getReasonPhrase());
        example.put("status", status.value());
        example.put("detail", detail);
        example.put("instance", instance);
        example.put(RequestIdFilter.KEY, REQUEST_ID);
        MediaType body =
                new MediaType()
                        .schema(new Schema<Object>().$ref("#/components/schemas/" + SCHEMA))
                        .example(example);
        return new ApiResponse()
                .description(description)
                .addHeaderObject(
                        RequestIdFilter.HEADER,
                        new Header()
                                .description(OpenApiTexts.REQUEST_ID)
                                .schema(OpenApiSchemas.text(REQUEST_ID)))
                .content(new Content().addMediaType("application/problem+json", body));
    }

    private static Header retryAfter() {
        return new Header()
                .description(
                        "Seconds after which to try again, from queue depth and recent service time")
                .schema(OpenApiSchemas.integer(2));
    }
}
