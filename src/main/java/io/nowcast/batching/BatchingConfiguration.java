package io.nowcast.batching;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({BatchingProperties.class, WorkingMemoryProperties.class})
class BatchingConfiguration {

    @Bean
    MemoryBudget memoryBudget(BatchingProperties properties) {
        return properties.budget();
    }

    @Bean
    WorkingMemory workingMemory(WorkingMemoryProperties properties) {
        return properties.memory();
    }

    @Bean
    BatchQueues batchQueues(
            BatchingProperties properties,
            MemoryBudget memory,
            ObjectProvider<PredictionListener> listeners) {
        return new BatchQueues(
                properties.limits(),
                memory,
                listeners.getIfAvailable(() -> PredictionListener.NONE),
                System::nanoTime);
    }
}
