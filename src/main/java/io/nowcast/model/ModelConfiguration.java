package io.nowcast.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ModelProperties.class)
class ModelConfiguration {

    @Bean
    ModelRepository modelRepository(ModelProperties properties) {
        List<Path> directories = new ArrayList<>();
        if (properties.bundled()) {
            directories.add(BundledModel.directory());
        }
        if (properties.directory() != null) {
            directories.add(properties.directory());
        }
        return new ModelRepository(directories);
    }

    @Bean
    ModelSnapshots modelSnapshots(ModelProperties properties) {
        return new ModelSnapshots(
                properties.changes(), Optional.ofNullable(properties.snapshots()));
    }

    @Bean
    ModelCatalogue modelCatalogue(ModelProperties properties) {
        return new ModelCatalogue(properties.defaultModel());
    }
}
