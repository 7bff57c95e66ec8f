package io.nowcast.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class ModelConfigurationTest {

    @TempDir Path directory;

    private final ApplicationContextRunner application =
            new ApplicationContextRunner().withUserConfiguration(Application.class);

    @Test
    void servesTheBundledModelWhereNothingIsConfigured() {
        application.run(context ->
                assertThat(context.getBean(ModelRepository.class).scan().folders())
                        .extracting(ModelFolder::name)
                        .containsExactly("radar-convgru"));
    }

    @Test
    void findsModelsInTheConfiguredDirectory() throws IOException {
        Files.createDirectory(directory.resolve("mine"));
        application
                .withPropertyValues(
                        "nowcast.models.directory=" + directory,
                        "nowcast.models.default-model=mine",
                        "nowcast.models.bundled=false")
                .run(context -> {
                    assertThat(context.getBean(ModelCatalogue.class).defaultModel())
                            .isEqualTo("mine");
                    assertThat(context.getBean(ModelRepository.class).scan().folders()).isEmpty();
                    assertThat(context.getBean(ModelRepository.class).scan().broken())
                            .containsOnlyKeys("mine");
                });
    }

    @Test
    void doesNotWatchForChangesThatAreNotToBeMade() {
        application
                .withPropertyValues("nowcast.models.changes=false", "nowcast.models.watch=true")
                .run(context ->
                        assertThat(context.getStartupFailure())
                                .hasRootCauseMessage(
                                        "nowcast.models.watch is true, and nowcast.models.changes is false"));
    }

    @EnableConfigurationProperties(ModelProperties.class)
    static final class Application extends ModelConfiguration {}
}
