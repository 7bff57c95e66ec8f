package io.nowcast.worker;

import io.nowcast.batching.BatchQueues;
import io.nowcast.batching.PredictionListener;
import io.nowcast.batching.WorkingMemory;
import io.nowcast.model.ModelCatalogue;
import io.nowcast.model.ModelLoader;
import io.nowcast.model.ModelRepository;
import io.nowcast.model.ModelSnapshots;
import io.nowcast.schedule.RepeatedTask;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.ScheduledExecutorFactoryBean;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WorkerProperties.class)
class WorkerConfiguration {

    @Bean(initMethod = "prepare", destroyMethod = "abandon")
    WorkerPool workerPool(
            ModelRepository repository,
            ModelSnapshots snapshots,
            ModelLoader loader,
            ModelCatalogue catalogue,
            BatchQueues queues,
            ObjectProvider<PredictionListener> listeners,
            WorkerProperties properties,
            WorkingMemory memory) {
        return new WorkerPool(
                repository,
                snapshots,
                loader,
                catalogue,
                queues,
                listeners.getIfAvailable(() -> PredictionListener.NONE),
                properties.settings(
                        WorkerProperties.processors(
                                Runtime.getRuntime().availableProcessors(),
                                System.getenv("OMP_NUM_THREADS")),
                        memory),
                System::nanoTime,
                InstantSource.system());
    }

    @Bean
    ScheduledExecutorFactoryBean watchdog(WorkerPool pool) {
        return RepeatedTask.every(Duration.ofSeconds(1), "watchdog-", pool::giveUpStuckCalls);
    }
}
