package io.nowcast.web;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.util.List;

/** What OpenAPI says of keys, tokens and scopes. */
final class OpenApiAccess {

    private static final String BEARER = "bearer";
    private static final String HEADER = "apiKey";

    private OpenApiAccess() {}

    static void addSchemes(Components components) {
        components.addSecuritySchemes(
                BEARER,
                new SecurityScheme()
                        .type(SecurityScheme.Type.HTTP)
                        .scheme("bearer")
                        .description(
                                "An API key, or a JWT of the configured issuer; which, nowcast.security.mode says"));
        components.addSecuritySchemes(
                HEADER,
                new SecurityScheme()
                        .type(SecurityScheme.Type.APIKEY)
                        .in(SecurityScheme.In.HEADER)
                        .name("X-API-Key")
                        .description("An API key, in nowcast.security.mode api-key"));
    }

    /** One of the schemes with this scope, or, in mode {@code none}, nothing. */
    static void require(Operation operation, String scope) {
        operation.setSecurity(
                List.of(
                        new SecurityRequirement(),
                        new SecurityRequirement().addList(BEARER, scope),
                        new SecurityRequirement().addList(HEADER, scope)));
    }
}
