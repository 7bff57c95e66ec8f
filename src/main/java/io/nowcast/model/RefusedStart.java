package io.nowcast.model;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Tells why a service that cannot serve did not start by the message that was written for the
 * person who set it up, without a stack trace. What has an unforeseen cause keeps its stack trace.
 *
 * <p>Registered in {@code META-INF/spring.factories}.
 */
final class RefusedStart extends AbstractFailureAnalyzer<ModelException> {

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable failure, ModelException refusal) {
        return switch (refusal.getCause()) {
            case null -> told(refusal.getMessage(), refusal);
            case IllegalArgumentException _ -> told(refusal.getMessage(), refusal);
            case IOException cause -> told(refusal.getMessage() + ": " + cause, refusal);
            default -> null;
        };
    }

    private static FailureAnalysis told(@Nullable String why, ModelException refusal) {
        return new FailureAnalysis(why, null, refusal);
    }
}
