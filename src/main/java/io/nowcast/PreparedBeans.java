package io.nowcast;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aot.AotDetector;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginTrackedResource;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.context.ApplicationListener;
import org.springframework.core.SpringProperties;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ClassPathResource;

/**
 * Leaves the beans aside that were prepared when an image was built ({@code
 * -Dspring.aot.enabled=true}, Spring's processing ahead of time), where a property is set that
 * decides which beans there are: what was prepared holds for the properties in the jar only. The
 * beans are then found at the start, as they are without the image; that takes longer.
 *
 * <p>Registered in {@code META-INF/spring.factories}: it runs before there is a context, once all
 * properties are known.
 */
final class PreparedBeans implements ApplicationListener<ApplicationEnvironmentPreparedEvent> {

    private static final Logger LOG = LoggerFactory.getLogger(PreparedBeans.class);

    /**
     * What conditions of Spring Boot, of its extensions on the class path and of this service read.
     */
    private static final List<ConfigurationPropertyName> DECIDING =
            names(
                    "management",
                    "nowcast.models.watch",
                    "nowcast.security",
                    "server",
                    "spring",
                    "springdoc");

    /** Of those, what is usually set and decides nothing. */
    private static final List<ConfigurationPropertyName> HARMLESS =
            names(
                    "server.address",
                    "server.port",
                    "spring.aot",
                    "spring.application.name",
                    "spring.application.pid",
                    "spring.application.version",
                    "spring.config",
                    "spring.context.exit",
                    "spring.lifecycle",
                    "spring.output");

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        if (AotDetector.useGeneratedArtifacts()) {
            decisive(event.getEnvironment()).ifPresent(PreparedBeans::leave);
        }
    }

    private static void leave(ConfigurationPropertyName decisive) {
        LOG.info(
                "{} is set: the prepared beans are left aside, and the start takes longer",
                decisive);
        SpringProperties.setProperty(AotDetector.AOT_ENABLED, "false");
    }

    /** A property that is set outside of the jar and may decide which beans there are. */
    static Optional<ConfigurationPropertyName> decisive(Environment environment) {
        for (var source : ConfigurationPropertySources.get(environment)) {
            if (source instanceof IterableConfigurationPropertySource named) {
                for (ConfigurationPropertyName name : named) {
                    if (mayDecide(name) && !isInJar(named.getConfigurationProperty(name))) {
                        return Optional.of(name);
                    }
                }
            }
        }
        return Optional.empty();
    }

    static boolean mayDecide(ConfigurationPropertyName name) {
        return isBelow(name, DECIDING) && !isBelow(name, HARMLESS);
    }

    private static boolean isBelow(
            ConfigurationPropertyName name, List<ConfigurationPropertyName> roots) {
        return roots.stream().anyMatch(root -> root.equals(name) || root.isAncestorOf(name));
    }

    private static boolean isInJar(@Nullable ConfigurationProperty property) {
        return Origin.from(property) instanceof PropertySourceOrigin origin
                && origin.getOrigin() instanceof TextResourceOrigin text
                && text.getResource() instanceof OriginTrackedResource file
                && file.getResource() instanceof ClassPathResource;
    }

    private static List<ConfigurationPropertyName> names(String... names) {
        return Stream.of(names).map(ConfigurationPropertyName::of).toList();
    }
}
