package io.nowcast.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.InsufficientAuthenticationException;
import org.springframework.security.authorization.AuthorityAuthorizationDecision;
import org.springframework.security.authorization.AuthorizationDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** Turns what Spring Security refuses into this package's exceptions, answered like any other. */
final class Refusals
        implements AuthenticationEntryPoint, AuthenticationFailureHandler, AccessDeniedHandler {

    private static final String CHALLENGE = "Bearer realm=\"nowcast\"";

    private final AccessMode mode;
    private final HandlerExceptionResolver answers;
    private final AccessListener listener;

    Refusals(AccessMode mode, HandlerExceptionResolver answers, AccessListener listener) {
        this.mode = mode;
        this.answers = answers;
        this.listener = listener;
    }

    @Override
    public void commence(
            HttpServletRequest request,
            HttpServletResponse response,
            AuthenticationException problem) {
        switch (mode) {
            case NONE -> forbidInNone(request, response);
            case API_KEY, JWT -> refuseUnknown(request, response, problem);
        }
    }

    @Override
    public void onAuthenticationFailure(
            HttpServletRequest request,
            HttpServletResponse response,
            AuthenticationException problem) {
        commence(request, response, problem);
    }

    private void refuseUnknown(
            HttpServletRequest request,
            HttpServletResponse response,
            AuthenticationException problem) {
        listener.refused(AccessListener.Reason.UNAUTHENTICATED);
        boolean nothingCame = problem instanceof InsufficientAuthenticationException;
        String message =
                nothingCame
                        ? expected()
                        : "%s; %s".formatted(String.valueOf(problem.getMessage()), expected());
        answer(
                request,
                response,
                new AccessException.Unauthenticated(
                        message,
                        nothingCame ? CHALLENGE : CHALLENGE + ", error=\"invalid_token\""));
    }

    private String expected() {
        return mode == AccessMode.JWT
                ? "expected 'Authorization: Bearer TOKEN' with a token of the issuer for this audience"
                : "expected 'Authorization: Bearer KEY' or 'X-API-Key: KEY'";
    }

    @Override
    public void handle(
            HttpServletRequest request,
            HttpServletResponse response,
            AccessDeniedException problem) {
        if (mode == AccessMode.NONE) {
            forbidInNone(request, response);
            return;
        }
        listener.refused(AccessListener.Reason.FORBIDDEN);
        String scope = neededScope(problem).orElse("");
        answer(
                request,
                response,
                new AccessException.Forbidden(
                        scope.isEmpty()
                                ? "no client may do this"
                                : "this needs the scope %s, which the client does not have"
                                        .formatted(scope),
                        scope.isEmpty()
                                ? ""
                                : "%s, error=\"insufficient_scope\", scope=\"%s\""
                                        .formatted(CHALLENGE, scope)));
    }

    private void forbidInNone(HttpServletRequest request, HttpServletResponse response) {
        listener.refused(AccessListener.Reason.FORBIDDEN);
        answer(
                request,
                response,
                new AccessException.Forbidden(
                        "this needs clients that are known: set nowcast.security.mode to api-key or"
                                + " jwt, or nowcast.security.open-admin to true",
                        ""));
    }

    private static Optional<String> neededScope(AccessDeniedException problem) {
        if (problem instanceof AuthorizationDeniedException denied
                && denied.getAuthorizationResult()
                        instanceof AuthorityAuthorizationDecision decision) {
            return Optional.of(
                    decision.getAuthorities().stream()
                            .map(authority -> String.valueOf(authority.getAuthority()))
                            .map(name -> name.substring(AccessScope.AUTHORITY_PREFIX.length()))
                            .collect(Collectors.joining(" ")));
        }
        return Optional.empty();
    }

    private void answer(
            HttpServletRequest request, HttpServletResponse response, AccessException problem) {
        answers.resolveException(request, response, null, problem);
    }
}
