package io.nowcast.model;

import jakarta.validation.constraints.NotBlank;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Where models come from.
 *
 * @param directory folder that holds a folder a model; the bundled model alone where absent
 * @param defaultModel name of the model that answers requests that name none
 * @param bundled whether the bundled model is served beside those of the directory
 */
@Validated
@ConfigurationProperties("nowcast.models")
public record ModelProperties(
        @Nullable Path directory,
        @DefaultValue("radar-convgru") @NotBlank String defaultModel,
        @DefaultValue("true") boolean bundled) {}
