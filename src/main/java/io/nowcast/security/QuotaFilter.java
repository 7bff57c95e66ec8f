package io.nowcast.security;

import static org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher.pathPattern;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpMethod;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** Holds requests for forecasts against their client's quota, once it is known who asks. */
final class QuotaFilter extends OncePerRequestFilter {

    private static final RequestMatcher FORECASTS =
            new OrRequestMatcher(
                    pathPattern(HttpMethod.POST, "/forecast"),
                    pathPattern(HttpMethod.POST, "/v2/models/*/infer"),
                    pathPattern(HttpMethod.POST, "/v2/models/*/versions/*/infer"));

    private final ClientQuotas quotas;
    private final HandlerExceptionResolver answers;

    QuotaFilter(ClientQuotas quotas, HandlerExceptionResolver answers) {
        this.quotas = quotas;
        this.answers = answers;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            if (FORECASTS.matches(request)) {
                quotas.admit(request, response);
            }
        } catch (AccessException problem) {
            answers.resolveException(request, response, null, problem);
            return;
        }
        chain.doFilter(request, response);
    }
}
