package io.nowcast.model;

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
        Throwable cause = refusal.getCause();
        return cause == null || cause instanceof IllegalArgumentException
                ? new FailureAnalysis(refusal.getMessage(), null, refusal)
                : null;
    }
}
