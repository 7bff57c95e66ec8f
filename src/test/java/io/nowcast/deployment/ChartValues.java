package io.nowcast.deployment;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes the chart's {@code values.schema.json} and the table of its README from the comments in
 * {@code values.yaml}. Each value has a comment {@code # -- text} above it, and where its default
 * does not tell enough {@code # @schema {...}} with JSON Schema to add; a key without a comment is
 * a section.
 */
final class ChartValues {

    private static final Pattern KEY = Pattern.compile("( *)([A-Za-z][A-Za-z0-9]*):.*");
    private static final Pattern TEXT = Pattern.compile(" *# -- (.*)");
    private static final Pattern SCHEMA = Pattern.compile(" *# @schema (.*)");
    private static final JsonMapper JSON = new JsonMapper();

    private final List<Value> values;

    private ChartValues(List<Value> values) {
        this.values = values;
    }

    static ChartValues read() throws IOException {
        String text = Files.readString(Chart.FOLDER.resolve("values.yaml"));
        Map<String, Object> loaded = new Yaml().load(text);
        JsonNode defaults = JSON.valueToTree(loaded);
        return new ChartValues(described(text.lines().toList(), defaults));
    }

    private static List<Value> described(List<String> lines, JsonNode defaults) {
        List<Value> values = new ArrayList<>();
        Deque<String> sections = new ArrayDeque<>();
        String text = "";
        String schema = "{}";
        int leafIndent = Integer.MAX_VALUE;
        for (String line : lines) {
            Matcher key = KEY.matcher(line);
            Matcher comment = TEXT.matcher(line);
            Matcher fragment = SCHEMA.matcher(line);
            if (comment.matches()) {
                text = comment.group(1);
            } else if (fragment.matches()) {
                schema = fragment.group(1);
            } else if (key.matches() && key.group(1).length() <= leafIndent) {
                while (sections.size() > key.group(1).length() / 2) {
                    sections.removeLast();
                }
                sections.addLast(key.group(2));
                String pointer = "/" + String.join("/", sections);
                leafIndent = text.isEmpty() ? Integer.MAX_VALUE : key.group(1).length();
                if (!text.isEmpty()) {
                    values.add(
                            new Value(pointer, defaults.at(pointer), text, JSON.readTree(schema)));
                } else if (!defaults.at(pointer).isObject()) {
                    throw new AssertionError("values.yaml does not describe " + pointer);
                }
                text = "";
                schema = "{}";
            }
        }
        return values;
    }

    /** The whole of {@code values.schema.json}. */
    String schema() {
        ObjectNode root = JSON.createObjectNode();
        root.put("$schema", "http://json-schema.org/draft-07/schema#");
        section(root);
        ((ObjectNode) root.get("properties")).putObject("global").put("type", "object");
        for (Value value : values) {
            String[] path = value.pointer().substring(1).split("/", -1);
            ObjectNode parent = root;
            for (int depth = 0; depth < path.length - 1; depth++) {
                ObjectNode properties = (ObjectNode) parent.get("properties");
                parent =
                        properties.has(path[depth])
                                ? (ObjectNode) properties.get(path[depth])
                                : section(properties.putObject(path[depth]));
            }
            ObjectNode leaf =
                    ((ObjectNode) parent.get("properties")).putObject(path[path.length - 1]);
            leaf.put("description", value.text());
            if (!value.schema().has("type")) {
                leaf.put("type", type(value));
            }
            value.schema()
                    .properties()
                    .forEach(entry -> leaf.set(entry.getKey(), entry.getValue()));
        }
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }

    private static ObjectNode section(ObjectNode node) {
        node.put("type", "object").put("additionalProperties", false).putObject("properties");
        return node;
    }

    private static String type(Value value) {
        return switch (value.standard().getNodeType()) {
            case BOOLEAN -> "boolean";
            case NUMBER -> value.standard().isIntegralNumber() ? "integer" : "number";
            case STRING -> "string";
            case ARRAY -> "array";
            case OBJECT -> "object";
            case NULL, MISSING, BINARY, POJO ->
                    throw new AssertionError(value.pointer() + " needs a type in its @schema");
        };
    }

    /** The README with its table replaced. */
    String readme(String readme) {
        StringBuilder table = new StringBuilder("| value | default | what |\n|---|---|---|\n");
        for (Value value : values) {
            table.append(
                    "| `%s` | `%s` | %s |\n"
                            .formatted(
                                    value.pointer().substring(1).replace('/', '.'),
                                    value.standard(),
                                    value.text().replace("|", "\\|")));
        }
        String begin = "<!-- values: made from values.yaml -->\n";
        String end = "<!-- end of values -->";
        return readme.substring(0, readme.indexOf(begin) + begin.length())
                + table
                + readme.substring(readme.indexOf(end));
    }

    /**
     * A value that may be set.
     *
     * @param pointer JSON pointer to it
     * @param standard its default
     */
    private record Value(String pointer, JsonNode standard, String text, JsonNode schema) {}
}
