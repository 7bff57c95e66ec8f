package io.nowcast.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.oauth2.server.resource.web.BearerTokenResolver;
import org.springframework.security.oauth2.server.resource.web.DefaultBearerTokenResolver;
import org.springframework.security.web.authentication.AuthenticationConverter;

/**
 * The key of a request, {@code Authorization: Bearer KEY} or {@code X-API-Key: KEY}, and the client
 * behind it. Wrong keys and keys that have ended are refused alike.
 */
final class ApiKeyCredentials implements AuthenticationConverter, AuthenticationManager {

    static final String HEADER = "X-API-Key";

    private final BearerTokenResolver bearer = new DefaultBearerTokenResolver();
    private final ApiKeys keys;

    ApiKeyCredentials(ApiKeys keys) {
        this.keys = keys;
    }

    @Override
    public @Nullable Authentication convert(HttpServletRequest request) {
        Optional<String> header = Optional.ofNullable(request.getHeader(HEADER));
        Optional<String> token = Optional.ofNullable(bearer.resolve(request));
        if (header.isPresent() && token.isPresent()) {
            throw new BadCredentialsException(
                    "a key came in Authorization and another in X-API-Key; expected one");
        }
        return header.or(() -> token)
                .map(key -> UsernamePasswordAuthenticationToken.unauthenticated("", key))
                .orElse(null);
    }

    @Override
    public Authentication authenticate(Authentication presented) {
        ApiKey key =
                keys.find(String.valueOf(presented.getCredentials()))
                        .orElseThrow(() ->
                                new BadCredentialsException("the key is not one that is in force"));
        return UsernamePasswordAuthenticationToken.authenticated(
                key.name(),
                null,
                key.scopes().stream()
                        .map(scope -> new SimpleGrantedAuthority(scope.authority()))
                        .toList());
    }
}
