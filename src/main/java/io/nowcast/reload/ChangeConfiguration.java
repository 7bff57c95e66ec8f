package io.nowcast.reload;

import io.nowcast.model.ModelCatalogue;
import io.nowcast.model.ModelProperties;
import io.nowcast.model.ModelRepository;
import io.nowcast.model.ModelSnapshots;
import io.nowcast.schedule.RepeatedTask;
import io.nowcast.worker.WorkerPool;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.ScheduledExecutorFactoryBean;

@Configuration(proxyBeanMethods = false)
class ChangeConfiguration {

    @Bean
    ModelChanges modelChanges(
            ModelRepository repository,
            ModelSnapshots snapshots,
            ModelCatalogue catalogue,
            WorkerPool pool,
            ObjectProvider<ChangeListener> listeners) {
        return new ModelChanges(
                repository,
                snapshots,
                catalogue,
                pool,
                listeners.getIfAvailable(() -> ChangeListener.NONE),
                InstantSource.system());
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty("nowcast.models.watch")
    static class Watching {

        @Bean
        ModelWatch modelWatch(
                ModelRepository repository,
                ModelSnapshots snapshots,
                ModelChanges changes,
                WorkerPool pool,
                ModelProperties properties) {
            return new ModelWatch(
                    repository, snapshots, changes, pool, properties.settle(), System::nanoTime);
        }

        @Bean
        ScheduledExecutorFactoryBean watchingOfModels(
                ModelWatch watch, ModelProperties properties) {
            return RepeatedTask.every(properties.poll(), "model-watch-", watch::look);
        }
    }
}
