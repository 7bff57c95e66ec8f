package io.nowcast.accelerator;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class AcceleratorConfiguration {

    /** Loads nothing before the first reading of a GPU. */
    @Bean
    AcceleratorReadings acceleratorReadings() {
        return new LatestReadings(NvmlReadings.ofThisMachine(), System::nanoTime);
    }
}
