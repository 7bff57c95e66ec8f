package io.nowcast.deployment;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.InstallCommand;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The chart in {@code helm/nowcast}, rendered. */
public final class Chart {

    public static final Path FOLDER = Path.of("helm", "nowcast");

    /** The first with image volumes. */
    private static final String KUBERNETES = "1.33.0";

    private static final JsonMapper JSON = new JsonMapper();

    private Chart() {}

    /** The sets of values that golden manifests are kept of; all but the defaults are files. */
    public static List<String> valueSets() {
        return List.of(
                "defaults",
                "gpu",
                "autoscaled",
                "locked-down",
                "many-models",
                "image-volume",
                "secured",
                "openshift");
    }

    /**
     * The manifests of a release {@code radar} in the namespace {@code weather}, those of {@code
     * helm test} included.
     *
     * @param set one of {@link #valueSets()}
     * @param settings more values, {@code path=value}
     */
    public static String render(String set, String... settings) {
        try {
            Path tests = Files.createTempDirectory("nowcast-chart");
            try {
                copyWithoutHooks(tests);
                return template(FOLDER, set, settings) + "\n" + template(tests, set, settings);
            } finally {
                FileSystemUtils.deleteRecursively(tests);
            }
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /** What {@code helm install} prints. */
    static String notes(String set, String... settings) {
        InstallCommand install =
                new Helm(FOLDER)
                        .install()
                        .withName("radar")
                        .withNamespace("weather")
                        .withKubeVersion(KUBERNETES)
                        .clientOnly()
                        .dryRun();
        if (!set.equals("defaults")) {
            install.withValuesFile(values(set));
        }
        set(settings, install::set);
        String output = install.call().getOutput();
        return output.substring(output.indexOf("NOTES:"));
    }

    private static Path values(String set) {
        return FOLDER.resolve("ci/" + set + "-values.yaml");
    }

    private static void set(String[] settings, BiConsumer<String, Object> command) {
        for (String setting : settings) {
            String[] pair = setting.split("=", 2);
            command.accept(pair[0], pair[1]);
        }
    }

    private static String template(Path chart, String set, String... settings) {
        TemplateCommand template =
                new Helm(chart)
                        .template()
                        .withName("radar")
                        .withNamespace("weather")
                        .withKubeVersion(KUBERNETES);
        if (!set.equals("defaults")) {
            template.withValuesFile(values(set));
        }
        set(settings, template::set);
        // Of a chart that renders to nothing the library gives null.
        return Objects.requireNonNullElse(template.call(), "");
    }

    /**
     * Helm as a library leaves hooks out: here is a chart of nothing else, in which they are none.
     */
    private static void copyWithoutHooks(Path target) throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path relative = FOLDER.relativize(file);
                boolean template = relative.startsWith("templates");
                if (!template
                        || relative.startsWith("templates/tests")
                        || relative.endsWith("_helpers.tpl")) {
                    Path copy = target.resolve(relative.toString());
                    Files.createDirectories(copy.getParent());
                    if (template) {
                        Files.writeString(
                                copy,
                                Files.readString(file)
                                        .replaceAll(" *helm.sh/hook.*\n", "")
                                        .replaceAll(" *annotations:\n(?=data|spec)", ""));
                    } else {
                        Files.copy(file, copy);
                    }
                }
            }
        }
    }

    /** The documents of a rendered chart. */
    public static List<JsonNode> documents(String manifests) {
        List<JsonNode> documents = new ArrayList<>();
        for (Object document : new Yaml().loadAll(manifests)) {
            if (document instanceof Map<?, ?> object) {
                documents.add(JSON.valueToTree(object));
            }
        }
        return documents;
    }

    /** The one document of this kind and with a name that ends so. */
    public static JsonNode document(List<JsonNode> documents, String kind, String nameEnd) {
        List<JsonNode> found =
                documents.stream()
                        .filter(document -> document.get("kind").asString().equals(kind))
                        .filter(document ->
                                document.at("/metadata/name").asString().endsWith(nameEnd))
                        .toList();
        if (found.size() != 1) {
            throw new AssertionError(
                    "expected one %s named ...%s, got %d".formatted(kind, nameEnd, found.size()));
        }
        return found.getFirst();
    }
}
