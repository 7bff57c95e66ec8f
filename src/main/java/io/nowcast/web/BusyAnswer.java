package io.nowcast.web;

import io.nowcast.forecast.ForecastException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells a client that there is no room for its request. Any other failure is thrown and told by
 * {@link ProblemDetails}; that way through Spring MVC is a fifth of what a refusal costs, and
 * refusals are many when an overloaded service has nothing to spare.
 */
final class BusyAnswer {

    private final JsonMapper json;

    BusyAnswer(JsonMapper json) {
        this.json = json;
    }

    /** As any failure of {@code POST /forecast}. */
    void write(
            ForecastException.Busy busy, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        ProblemDetail problem =
                ProblemDetails.problem(HttpStatus.SERVICE_UNAVAILABLE, busy.getMessage());
        problem.setInstance(URI.create(request.getRequestURI()));
        write(busy, response, MediaType.APPLICATION_PROBLEM_JSON, problem);
    }

    /** As any failure of the Open Inference Protocol. */
    void writeInferenceError(ForecastException.Busy busy, HttpServletResponse response)
            throws IOException {
        write(busy, response, MediaType.APPLICATION_JSON, InferenceErrors.error(busy.getMessage()));
    }

    private void write(
            ForecastException.Busy busy, HttpServletResponse response, MediaType type, Object body)
            throws IOException {
        response.setStatus(HttpStatus.SERVICE_UNAVAILABLE.value());
        response.setHeader(
                HttpHeaders.RETRY_AFTER, ProblemDetails.retryAfterSeconds(busy.retryAfter()));
        response.setContentType(type.toString());
        json.writeValue(response.getOutputStream(), body);
    }
}
