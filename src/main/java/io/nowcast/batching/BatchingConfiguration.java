package io.nowcast.batching;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class BatchingConfiguration {

    @Bean
    BatchQueues batchQueues(BatchingProperties properties) {
        return new BatchQueues(properties.limits());
    }
}
