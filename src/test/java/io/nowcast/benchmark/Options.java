package io.nowcast.benchmark;

import io.nowcast.frames.GridShape;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Command-line options {@code --name value}. */
final class Options {

    private final Map<String, String> values;

    private Options(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Takes a command line apart.
     *
     * @param defaults every option that there is, with its default
     * @throws IllegalArgumentException naming the options that there are
     */
    static Options parse(String[] arguments, Map<String, String> defaults) {
        Map<String, String> values = new HashMap<>(defaults);
        for (int index = 0; index < arguments.length; index += 2) {
            String name = arguments[index].replaceFirst("^--", "");
            if (!defaults.containsKey(name) || index + 1 == arguments.length) {
                throw new IllegalArgumentException(
                        "expected --name value with a name of %s, got '%s'"
                                .formatted(defaults.keySet(), arguments[index]));
            }
            values.put(name, arguments[index + 1]);
        }
        return new Options(values);
    }

    String text(String name) {
        return values.getOrDefault(name, "");
    }

    /** Grids written like {@code 64x64,96x128}, height first. */
    List<GridShape> grids() {
        return Arrays.stream(text("grids").split(",", -1)).map(GridShape::parse).toList();
    }

    /** Numbers of lead steps written like {@code 1,6,12}. */
    List<Integer> integers(String name) {
        return Arrays.stream(text(name).split(",", -1)).map(Integer::valueOf).toList();
    }

    /** Pairs written like {@code a=1,b=2}; none where the text is empty. */
    Map<String, String> pairs(String name) {
        return Arrays.stream(text(name).split(",", -1))
                .filter(pair -> !pair.isEmpty())
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    }

    double number(String name) {
        return Double.parseDouble(text(name));
    }

    Duration seconds(String name) {
        return Duration.ofNanos(Math.round(number(name) * 1e9));
    }

    /** All options as they were given or are by default. */
    Map<String, String> all() {
        return new TreeMap<>(values);
    }

    int integer(String name) {
        return Integer.parseInt(text(name));
    }
}
