package io.nowcast.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.context.ApplicationContextException;
import org.springframework.core.io.support.SpringFactoriesLoader;

class RefusedStartTest {

    private final FailureAnalyzer analyzer =
            // Some of Spring Boot's can be made with a context only.
            SpringFactoriesLoader.forDefaultResourceLocation()
                    .load(FailureAnalyzer.class, (_, _, _) -> {})
                    .stream()
                    .filter(RefusedStart.class::isInstance)
                    .findFirst()
                    .orElseThrow();

    @Test
    void aWrongValueIsToldInOneSentence() {
        FailureAnalysis analysis =
                analyzer.analyze(
                        new ApplicationContextException(
                                "the pool did not start",
                                new ModelException(
                                        "nowcast.devices: got 'gpux'",
                                        new IllegalArgumentException("got 'gpux'"))));
        assertThat(analysis)
                .isNotNull()
                .extracting(FailureAnalysis::getDescription)
                .isEqualTo("nowcast.devices: got 'gpux'");
    }

    @Test
    void aFolderThatCannotBeReadIsToldWithItsReason() {
        FailureAnalysis analysis =
                analyzer.analyze(
                        new ModelException(
                                "/nope cannot be listed", new NoSuchFileException("/nope")));
        assertThat(analysis)
                .isNotNull()
                .extracting(FailureAnalysis::getDescription)
                .isEqualTo("/nope cannot be listed: java.nio.file.NoSuchFileException: /nope");
    }

    @Test
    void anUnforeseenCauseKeepsItsStackTrace() {
        assertThat(
                        analyzer.analyze(
                                new ModelException("loading failed", new NullPointerException())))
                .isNull();
    }
}
