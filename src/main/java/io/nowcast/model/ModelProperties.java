package io.nowcast.model;

import io.nowcast.settings.Setting;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

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
@ConfigurationProperties("nowcast.models")
public record ModelProperties(
        @Nullable Path directory,
        @DefaultValue("radar-convgru") String defaultModel,
        @DefaultValue("true") boolean bundled,
        @DefaultValue("true") boolean changes,
        @Nullable Path snapshots,
        @DefaultValue("false") boolean watch,
        @DefaultValue("5s") Duration poll,
        @DefaultValue("10s") Duration settle) {

    public ModelProperties {
        Setting.requireText("nowcast.models.default-model", defaultModel);
        if (watch && !changes) {
            throw new IllegalArgumentException(
                    "nowcast.models.watch is true, and nowcast.models.changes is false");
        }
        if (watch && directory == null) {
            throw new IllegalArgumentException(
                    "nowcast.models.watch is true, and nowcast.models.directory is not given");
        }
        Setting.requireTime(Duration.ofMillis(1), "nowcast.models.poll", poll);
        Setting.requireTime(Duration.ZERO, "nowcast.models.settle", settle);
    }
}
