package io.nowcast.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.context.ApplicationContextException;
import org.springframework.core.io.support.SpringFactoriesLoader;

class RefusedKeysTest {

    /** As Spring Boot finds it, of whose own analyzers some can be made with a context only. */
    @Test
    void aFileThatCannotBeUsedIsToldInOneSentence() {
        Throwable failure =
                new ApplicationContextException(
                        "Failed to start bean 'apiKeys'",
                        new KeyFileException.ApiKeys("/keys, line 1: expected a name"));

        assertThat(
                        SpringFactoriesLoader.forDefaultResourceLocation()
                                .load(FailureAnalyzer.class, (_, _, _) -> {})
                                .stream()
                                .filter(RefusedKeys.class::isInstance)
                                .map(analyzer -> analyzer.analyze(failure)))
                .singleElement()
                .extracting(FailureAnalysis::getDescription)
                .isEqualTo("nowcast.security.keys.file: /keys, line 1: expected a name");
    }
}
