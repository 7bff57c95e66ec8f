package io.nowcast;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.core.type.classreading.CachingMetadataReaderFactory;
import org.yaml.snakeyaml.Yaml;

/** Beans that were prepared are used exactly where the same ones would be found. */
class PreparedBeansTest {

    private static final List<Class<?>> BY_PROPERTY =
            List.of(ConditionalOnProperty.class, ConditionalOnBooleanProperty.class);

    @Test
    void holdForWhatIsInTheJarAndInAUsualEnvironment() {
        StandardEnvironment environment =
                environment(
                        Map.of(
                                "PATH", "/usr/bin",
                                "KUBERNETES_SERVICE_PORT", "443",
                                "SERVER_PORT", "9000",
                                "SPRING_CONFIG_ADDITIONAL_LOCATION", "optional:file:/config/",
                                "NOWCAST_DEVICES", "cpu",
                                "NOWCAST_MODELS_DIRECTORY", "/models"));
        assertThat(PreparedBeans.decisive(environment)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MANAGEMENT_SERVER_PORT",
                "MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_INCLUDE",
                "NOWCAST_SECURITY_MODE",
                "NOWCAST_MODELS_WATCH",
                "SERVER_SSL_BUNDLE",
                "SPRING_PROFILES_ACTIVE",
                "SPRINGDOC_APIDOCS_ENABLED"
            })
    void areLeftAsideWhereTheEnvironmentDecidesOnBeans(String variable) {
        StandardEnvironment environment = environment(Map.of(variable, "x"));
        assertThat(PreparedBeans.decisive(environment))
                .contains(ConfigurationPropertyName.adapt(variable.toLowerCase(Locale.ROOT), '_'));
    }

    @Test
    void areLeftAsideWhereAFileChangesWhatTheJarSays() {
        StandardEnvironment environment = environment(Map.of());
        environment
                .getPropertySources()
                .addFirst(
                        new MapPropertySource(
                                "a mounted file",
                                Map.of("management.endpoints.web.exposure.include", "health")));
        assertThat(PreparedBeans.decisive(environment)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"defaults", "gpu", "autoscaled", "many-models", "locked-down"})
    void holdForWhatTheChartSetsWhereAccessIsOpen(String rendered) throws IOException {
        StandardEnvironment environment = environment(Map.of());
        mounted(rendered).forEach(environment.getPropertySources()::addFirst);
        assertThat(environment.getProperty("nowcast.drain")).isEqualTo("20s");
        assertThat(PreparedBeans.decisive(environment)).isEmpty();
    }

    @Test
    void areLeftAsideWhereTheChartControlsAccess() throws IOException {
        StandardEnvironment environment = environment(Map.of());
        mounted("secured").forEach(environment.getPropertySources()::addFirst);
        assertThat(PreparedBeans.decisive(environment)).isPresent();
    }

    /** The application.yaml of a chart's ConfigMap. */
    private static List<PropertySource<?>> mounted(String rendered) throws IOException {
        try (InputStream manifests =
                new ClassPathResource("helm/" + rendered + ".yaml").getInputStream()) {
            for (Object manifest : new Yaml().loadAll(manifests)) {
                if (manifest instanceof Map<?, ?> map
                        && map.get("data") instanceof Map<?, ?> data
                        && data.get("application.yaml") instanceof String yaml) {
                    return new YamlPropertySourceLoader()
                            .load(
                                    "mounted",
                                    new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)));
                }
            }
        }
        throw new AssertionError("no application.yaml in " + rendered);
    }

    /** As a start has it: the environment, then the application.yaml of the class path. */
    private static StandardEnvironment environment(Map<String, Object> variables) {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                new HashMap<>(variables)));
        environment
                .getPropertySources()
                .remove(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);
        ConfigDataEnvironmentPostProcessor.applyTo(environment);
        return environment;
    }

    @Test
    void areKnownToDependOnEveryPropertyThatAConditionReads() throws IOException {
        Set<String> read = new TreeSet<>();
        for (AnnotatedTypeMetadata annotated : configurations()) {
            BY_PROPERTY.forEach(
                    condition -> read.addAll(propertiesOf(annotated.getAnnotations(), condition)));
        }
        assertThat(read).contains("nowcast.models.watch").hasSizeGreaterThan(40);
        assertThat(read)
                .allMatch(name -> PreparedBeans.mayDecide(ConfigurationPropertyName.of(name)));
    }

    @Test
    void dependOnNoConditionOfOurOwnButTheKnownOnes() throws IOException {
        Set<String> conditions = new TreeSet<>();
        for (AnnotatedTypeMetadata annotated : read("classpath*:io/nowcast/**/*.class")) {
            annotated.getAnnotations().stream(Conditional.class)
                    .map(MergedAnnotation::getRoot)
                    .map(root -> root.getType().getSimpleName())
                    .forEach(conditions::add);
        }
        assertThat(conditions)
                .containsExactlyInAnyOrder("ConditionalOnProperty", "OnAccessMode", "Conditional");
    }

    private static Set<String> propertiesOf(MergedAnnotations annotations, Class<?> condition) {
        Set<String> names = new TreeSet<>();
        annotations.stream(condition.getName())
                .forEach(present -> {
                    String prefix = present.getString("prefix");
                    String start = prefix.isEmpty() || prefix.endsWith(".") ? prefix : prefix + ".";
                    Stream.of("name", "value")
                            .map(present::getStringArray)
                            .flatMap(Arrays::stream)
                            .forEach(name -> names.add(start + name));
                });
        return names;
    }

    /** Classes that configure beans, with their methods. */
    private static List<AnnotatedTypeMetadata> configurations() throws IOException {
        List<AnnotatedTypeMetadata> found =
                read("classpath*:org/springframework/boot/**/*Configuration*.class");
        found.addAll(read("classpath*:org/springdoc/**/*Configuration*.class"));
        found.addAll(read("classpath*:io/nowcast/**/*Configuration*.class"));
        return found;
    }

    private static List<AnnotatedTypeMetadata> read(String pattern) throws IOException {
        CachingMetadataReaderFactory reading = new CachingMetadataReaderFactory();
        List<AnnotatedTypeMetadata> found = new ArrayList<>();
        for (Resource type : new PathMatchingResourcePatternResolver().getResources(pattern)) {
            AnnotationMetadata metadata = reading.getMetadataReader(type).getAnnotationMetadata();
            found.add(metadata);
            found.addAll(metadata.getDeclaredMethods());
        }
        return found;
    }
}
