package io.nowcast.model;

import jakarta.validation.constraints.NotBlank;
import java.nio.file.Path;
import java.time.Duration;
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
 * @param changes whether models may be changed while the service runs, for which their files are
 *     copied
 * @param snapshots folder for the copies that models are loaded from; in the temporary directory
 *     where absent
 * @param watch whether changes of the directory are followed
 * @param poll how often it is looked at then
 * @param settle how long a folder must have stayed as it is before it is read
 */
@Validated
@ConfigurationProperties("nowcast.models")
public record ModelProperties(
        @Nullable Path directory,
        @DefaultValue("radar-convgru") @NotBlank String defaultModel,
        @DefaultValue("true") boolean bundled,
        @DefaultValue("true") boolean changes,
        @Nullable Path snapshots,
        @DefaultValue("false") boolean watch,
        @DefaultValue("5s") Duration poll,
        @DefaultValue("10s") Duration settle) {

    public ModelProperties {
        if (watch && !changes) {
            throw new IllegalArgumentException(
                    "nowcast.models.watch is true, and nowcast.models.changes is false");
        }
        if (!poll.isPositive() || settle.isNegative()) {
            throw new IllegalArgumentException(
                    "nowcast.models.poll must be positive and nowcast.models.settle not negative, got %s and %s"
                            .formatted(poll, settle));
        }
    }
}
