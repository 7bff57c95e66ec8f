package io.nowcast.reload;

import io.nowcast.model.ModelCatalogue;
import io.nowcast.model.ModelProperties;
import io.nowcast.model.ModelRepository;
import io.nowcast.model.ModelSnapshots;
import io.nowcast.worker.WorkerPool;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.FixedRateTask;

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
    @EnableScheduling
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

        /** At a fixed rate: such tasks have a thread each, and a long one delays no other task. */
        @Bean
        SchedulingConfigurer watchingOfModels(ModelWatch watch, ModelProperties properties) {
            Duration poll = properties.poll();
            return tasks -> tasks.addFixedRateTask(new FixedRateTask(watch::look, poll, poll));
        }
    }
}
