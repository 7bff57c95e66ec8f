package io.nowcast.web;

import io.nowcast.codec.BodyTooLargeException;
import io.nowcast.codec.CodecException;
import io.nowcast.codec.MalformedBodyException;
import io.nowcast.codec.UnsupportedBodyException;
import io.nowcast.codec.UnusableFramesException;
import io.nowcast.forecast.ForecastException;
import io.nowcast.products.ProductException;
import io.nowcast.reload.ChangeException;
import io.nowcast.security.AccessException;
import java.net.URI;
import java.time.Duration;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.apache.tomcat.util.http.fileupload.impl.FileCountLimitExceededException;
import org.apache.tomcat.util.http.fileupload.impl.SizeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/**
 * Every failure as <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a> {@code
 * application/problem+json}: what was expected, what came and where. A stack trace goes to the log,
 * never to the client.
 */
@RestControllerAdvice
final class ProblemDetails extends ResponseEntityExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemDetails.class);

    /** Nobody reads it but the access log and the meters; the number is the one that nginx uses. */
    private static final HttpStatusCode CLIENT_CLOSED_REQUEST = HttpStatusCode.valueOf(499);

    private final LimitProperties limits;

    ProblemDetails(LimitProperties limits) {
        this.limits = limits;
    }

    @ExceptionHandler
    ResponseEntity<Object> on(CodecException problem) {
        HttpStatus status =
                switch (problem) {
                    case MalformedBodyException _ -> HttpStatus.BAD_REQUEST;
                    case BodyTooLargeException _ -> HttpStatus.CONTENT_TOO_LARGE;
                    case UnsupportedBodyException _ -> HttpStatus.UNSUPPORTED_MEDIA_TYPE;
                    case UnusableFramesException _ -> HttpStatus.UNPROCESSABLE_CONTENT;
                };
        return answer(status, problem.getMessage(), HttpHeaders.EMPTY);
    }

    @ExceptionHandler
    ResponseEntity<Object> on(ForecastException problem) {
        return switch (problem) {
            case ForecastException.UnknownModel _ ->
                    answer(HttpStatus.NOT_FOUND, problem.getMessage(), HttpHeaders.EMPTY);
            case ForecastException.Unusable _ ->
                    answer(
                            HttpStatus.UNPROCESSABLE_CONTENT,
                            problem.getMessage(),
                            HttpHeaders.EMPTY);
            case ForecastException.Busy busy ->
                    answer(
                            HttpStatus.SERVICE_UNAVAILABLE,
                            problem.getMessage(),
                            retryAfter(busy.retryAfter()));
            case ForecastException.TooLarge _ ->
                    answer(HttpStatus.CONTENT_TOO_LARGE, problem.getMessage(), HttpHeaders.EMPTY);
            case ForecastException.ClientGone _ ->
                    answer(CLIENT_CLOSED_REQUEST, problem.getMessage(), HttpHeaders.EMPTY);
            case ForecastException.TooLate _ ->
                    answer(HttpStatus.GATEWAY_TIMEOUT, problem.getMessage(), HttpHeaders.EMPTY);
            case ForecastException.Failed _ -> {
                LOG.error("A model call failed", problem);
                yield answer(
                        HttpStatus.INTERNAL_SERVER_ERROR, problem.getMessage(), HttpHeaders.EMPTY);
            }
        };
    }

    @ExceptionHandler
    ResponseEntity<Object> on(AccessException problem) {
        return switch (problem) {
            case AccessException.Unauthenticated unknown ->
                    answer(
                            HttpStatus.UNAUTHORIZED,
                            problem.getMessage(),
                            challenge(unknown.challenge()));
            case AccessException.Forbidden forbidden ->
                    answer(
                            HttpStatus.FORBIDDEN,
                            problem.getMessage(),
                            challenge(forbidden.challenge()));
            case AccessException.QuotaExceeded exceeded ->
                    answer(
                            HttpStatus.TOO_MANY_REQUESTS,
                            problem.getMessage(),
                            retryAfter(exceeded.retryAfter()));
            case AccessException.BeyondQuota _ ->
                    answer(HttpStatus.CONTENT_TOO_LARGE, problem.getMessage(), HttpHeaders.EMPTY);
        };
    }

    @ExceptionHandler
    ResponseEntity<Object> on(ChangeException problem) {
        HttpStatus status =
                switch (problem) {
                    case ChangeException.Unknown _ -> HttpStatus.NOT_FOUND;
                    case ChangeException.NotNow _ -> HttpStatus.CONFLICT;
                    case ChangeException.Refused _ -> HttpStatus.UNPROCESSABLE_CONTENT;
                };
        return answer(status, problem.getMessage(), HttpHeaders.EMPTY);
    }

    @ExceptionHandler
    ResponseEntity<Object> on(ParameterException problem) {
        return answer(HttpStatus.UNPROCESSABLE_CONTENT, problem.getMessage(), HttpHeaders.EMPTY);
    }

    @ExceptionHandler
    ResponseEntity<Object> on(ProductException problem) {
        return answer(HttpStatus.UNPROCESSABLE_CONTENT, problem.getMessage(), HttpHeaders.EMPTY);
    }

    @ExceptionHandler
    ResponseEntity<Object> on(BodyException problem) {
        HttpHeaders headers =
                problem.status() == HttpStatus.SERVICE_UNAVAILABLE
                        ? retryAfter(Duration.ofSeconds(1))
                        : HttpHeaders.EMPTY;
        return answer(problem.status(), problem.getMessage(), headers);
    }

    @ExceptionHandler
    ResponseEntity<Object> on(MultipartException problem) {
        if (NestedExceptionUtils.getMostSpecificCause(problem) instanceof BodyException slow) {
            return on(slow);
        }
        return answer(
                HttpStatus.BAD_REQUEST,
                "the multipart body cannot be read: "
                        + NestedExceptionUtils.getMostSpecificCause(problem).getMessage(),
                HttpHeaders.EMPTY);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleMaxUploadSizeExceededException(
            MaxUploadSizeExceededException problem,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        long body = limits.body().toBytes();
        String detail =
                switch (NestedExceptionUtils.getMostSpecificCause(problem)) {
                    case FileCountLimitExceededException _ ->
                            "a multipart body may have %d parts (nowcast.limits.entries), this one has more"
                                    .formatted(limits.entries());
                    case SizeException part when part.getPermittedSize() != body ->
                            "the headers of a part may have %d bytes (server.tomcat.max-part-header-size), those of one have more"
                                    .formatted(part.getPermittedSize());
                    default ->
                            "a multipart body may have %d bytes (nowcast.limits.body), this one has more"
                                    .formatted(body);
                };
        return answer(HttpStatus.CONTENT_TOO_LARGE, detail, HttpHeaders.EMPTY);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpRequestMethodNotSupported(
            HttpRequestMethodNotSupportedException problem,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        return answer(
                HttpStatus.METHOD_NOT_ALLOWED,
                "%s is not supported here; supported: %s"
                        .formatted(problem.getMethod(), problem.getSupportedHttpMethods()),
                headers);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleNoResourceFoundException(
            NoResourceFoundException problem,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        return answer(
                HttpStatus.NOT_FOUND,
                "there is nothing at '%s'; GET /v3/api-docs describes what there is"
                        .formatted(((ServletWebRequest) request).getRequest().getRequestURI()),
                headers);
    }

    /** Where a library asks Tomcat for a query's parameters; those of forecasts are read here. */
    @ExceptionHandler
    ResponseEntity<Object> on(InvalidParameterException problem) {
        return answer(
                HttpStatus.BAD_REQUEST,
                "the query is not correctly percent-encoded, or has too many parameters",
                HttpHeaders.EMPTY);
    }

    @ExceptionHandler
    ResponseEntity<Object> on(InterruptedException problem) {
        Thread.currentThread().interrupt();
        return answer(
                HttpStatus.SERVICE_UNAVAILABLE,
                "the service is shutting down",
                retryAfter(Duration.ofSeconds(5)));
    }

    @ExceptionHandler
    ResponseEntity<Object> on(RuntimeException problem) {
        LOG.error("A request failed", problem);
        return answer(
                HttpStatus.INTERNAL_SERVER_ERROR,
                "the service failed; its log has the details under this request id",
                HttpHeaders.EMPTY);
    }

    @Override
    protected ResponseEntity<Object> createResponseEntity(
            @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        if (body instanceof ProblemDetail detail) {
            complete(detail, status);
        }
        return ResponseEntity.status(status)
                .headers(headers)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(body);
    }

    private static ResponseEntity<Object> answer(
            HttpStatusCode status, @Nullable String detail, HttpHeaders headers) {
        return ResponseEntity.status(status)
                .headers(headers)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem(status, detail));
    }

    /** A problem with its type and the request's id. */
    static ProblemDetail problem(HttpStatusCode status, @Nullable String detail) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, String.valueOf(detail));
        complete(problem, status);
        return problem;
    }

    private static void complete(ProblemDetail problem, HttpStatusCode status) {
        problem.setType(type(status));
        problem.setProperty(RequestIdFilter.KEY, MDC.get(RequestIdFilter.KEY));
    }

    /** The problem type of a status. */
    static URI type(HttpStatusCode status) {
        return URI.create("urn:nowcast:problem:" + status.value());
    }

    private static HttpHeaders challenge(String challenge) {
        HttpHeaders headers = new HttpHeaders();
        if (!challenge.isEmpty()) {
            headers.set(HttpHeaders.WWW_AUTHENTICATE, challenge);
        }
        return headers;
    }

    private static HttpHeaders retryAfter(Duration duration) {
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.RETRY_AFTER, retryAfterSeconds(duration));
        return headers;
    }

    /** {@code Retry-After} in whole seconds, at least 1 (RFC 9110, section 10.2.3). */
    static String retryAfterSeconds(Duration duration) {
        return Long.toString(Math.max(1, duration.plusMillis(999).toSeconds()));
    }
}
