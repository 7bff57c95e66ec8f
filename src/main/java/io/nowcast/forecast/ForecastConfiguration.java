package io.nowcast.forecast;

import io.nowcast.batching.BatchQueues;
import io.nowcast.batching.WorkingMemory;
import io.nowcast.model.ModelCatalogue;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ForecastProperties.class)
class ForecastConfiguration {

    @Bean
    ForecastService forecastService(
            ModelCatalogue catalogue,
            BatchQueues queues,
            WorkingMemory memory,
            ForecastProperties properties) {
        return new ForecastService(catalogue, queues, memory, properties.timeout());
    }
}
