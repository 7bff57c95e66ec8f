package io.nowcast.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.MDC;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Gives every request an id, the client's own where it sends a decent one: in the answer, in
 * problems, in log lines.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class RequestIdFilter extends OncePerRequestFilter {

    static final String HEADER = "X-Request-Id";
    static final String KEY = "requestId";

    /** What a client may call its request. */
    static final Pattern DECENT = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /** The id that a response bears already, else a new one that it bears from now on. */
    static String idOf(HttpServletResponse response) {
        return Optional.ofNullable(response.getHeader(HEADER))
                .orElseGet(() -> {
                    String id = UUID.randomUUID().toString();
                    response.setHeader(HEADER, id);
                    return id;
                });
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String id =
                Optional.ofNullable(request.getHeader(HEADER))
                        .filter(given -> DECENT.matcher(given).matches())
                        .orElseGet(() -> UUID.randomUUID().toString());
        response.setHeader(HEADER, id);
        try (MDC.MDCCloseable _ = MDC.putCloseable(KEY, id)) {
            chain.doFilter(request, response);
        }
    }
}
