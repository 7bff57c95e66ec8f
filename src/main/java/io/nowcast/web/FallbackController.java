package io.nowcast.web;

import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Where the container sends a request that failed outside of any handler: a problem like all
 * others, in place of an HTML page.
 */
@Hidden
@RestController
final class FallbackController implements ErrorController {

    @RequestMapping("/error")
    ResponseEntity<ProblemDetail> error(HttpServletRequest request, HttpServletResponse response) {
        HttpStatus status = status(request);
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail(request, status));
        problem.setType(ProblemDetails.type(status));
        attribute(request, RequestDispatcher.ERROR_REQUEST_URI)
                .flatMap(FallbackController::uri)
                .ifPresent(problem::setInstance);
        // The filter that gives ids is done with this request, or never saw it.
        problem.setProperty(RequestIdFilter.KEY, RequestIdFilter.idOf(response));
        return ResponseEntity.status(status)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem);
    }

    /** Empty for a path such as {@code //}, which is none of a URI. */
    private static Optional<URI> uri(Object path) {
        try {
            return Optional.of(URI.create(path.toString()));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** The status of the failure; 404 for a client that asks for this page itself. */
    private static HttpStatus status(HttpServletRequest request) {
        return attribute(request, RequestDispatcher.ERROR_STATUS_CODE)
                .map(code -> HttpStatus.resolve((Integer) code))
                .orElse(HttpStatus.NOT_FOUND);
    }

    private static Optional<Object> attribute(HttpServletRequest request, String name) {
        return Optional.ofNullable(request.getAttribute(name));
    }

    private static String detail(HttpServletRequest request, HttpStatus status) {
        if (status.is5xxServerError()) {
            return "the service failed; its log has the details under this request id";
        }
        boolean reading =
                attribute(request, RequestDispatcher.ERROR_EXCEPTION)
                        .filter(IOException.class::isInstance)
                        .isPresent();
        return reading
                ? "the body ends before the end that was promised, or its chunks or trailers are no valid HTTP"
                : "the request was refused before it was looked at: " + status.getReasonPhrase();
    }
}
