package io.nowcast.worker;

import io.nowcast.batching.BatchQueues;
import io.nowcast.model.ModelCatalogue;
import io.nowcast.model.ModelLoader;
import io.nowcast.model.ModelRepository;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class WorkerConfiguration {

    @Bean
    WorkerPool workerPool(
            ModelRepository repository,
            ModelLoader loader,
            ModelCatalogue catalogue,
            BatchQueues queues,
            WorkerProperties properties) {
        return new WorkerPool(
                repository,
                loader,
                catalogue,
                queues,
                properties.devices(),
                new WorkerPool.Patience(properties.load(), properties.drain()));
    }
}
