package io.nowcast.benchmark;

import io.nowcast.frames.GridShape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

    int integer(String name) {
        return Integer.parseInt(text(name));
    }
}
