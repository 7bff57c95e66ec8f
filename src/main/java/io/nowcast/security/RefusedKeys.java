package io.nowcast.security;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Tells what is wrong with a file of keys, for which a service did not start, without a stack
 * trace.
 *
 * <p>Registered in {@code META-INF/spring.factories}.
 */
final class RefusedKeys extends AbstractFailureAnalyzer<KeyFileException> {

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable failure, KeyFileException refusal) {
        return new FailureAnalysis(refusal.property() + ": " + refusal.getMessage(), null, refusal);
    }
}
