package io.nowcast.web;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/**
 * Tomcat's own last word on requests that reach no servlet, such as a malformed URI: a problem in
 * place of an HTML page. It holds nothing that the client sent.
 */
final class ProblemReportValve extends ErrorReportValve {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemReportValve.class);

    private final long headerBytes;

    /**
     * Makes the valve.
     *
     * @param headerBytes most bytes of a request line and its headers
     */
    ProblemReportValve(long headerBytes) {
        this.headerBytes = headerBytes;
    }

    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        HttpStatus status = HttpStatus.resolve(response.getStatus());
        if (status == null
                || !status.isError()
                || response.getContentWritten() > 0
                || !response.setErrorReported()) {
            return;
        }
        String id = RequestIdFilter.idOf(response);
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        try {
            Writer writer = response.getReporter();
            if (writer != null) {
                writer.write(problem(status, id));
                response.finishResponse();
            }
        } catch (IOException gone) {
            LOG.debug("A client went away before its problem was told", gone);
        }
    }

    private String problem(HttpStatus status, String id) {
        return """
        {"type":"%s","title":"%s","status":%d,"detail":"%s","%s":"%s"}\
        """
                .formatted(
                        ProblemDetails.type(status),
                        status.getReasonPhrase(),
                        status.value(),
                        detail(status),
                        RequestIdFilter.KEY,
                        id);
    }

    private String detail(HttpStatus status) {
        return switch (status) {
            case EXPECTATION_FAILED -> "the only Expect that is met is 100-continue";
            case NOT_IMPLEMENTED ->
                    "the method or the Transfer-Encoding is none that is known; a body may be chunked";
            default ->
                    ("the request line, its URI or a header is not valid HTTP, or they are longer than %d"
                                    + " bytes (server.max-http-request-header-size) or more than 100 headers")
                            .formatted(headerBytes);
        };
    }
}
