package io.nowcast.layout;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Strides and paddings of an encoder-forecaster, which are no keys. A stage whose counterpart in
 * the forecaster has no transposed layer, which would enlarge the grid again, has stride 1. Where
 * it has one, and each of the two a kernel that the public configurations have there, the stride is
 * theirs. Else the manifest must give {@code strides}, one for each layer of the encoder's stages.
 * Of those that it gives, several paddings may divide the grid alike: then it must give {@code
 * paddings} too.
 */
final class StageStrides {

    private static final String STRIDES = "strides";
    private static final String PADDINGS = "paddings";

    private final Weights weights;
    private final Choices choices;
    private final List<List<String>> encoder;
    private final List<List<String>> forecaster;
    private final boolean given;
    private final Map<String, Integer> strides;
    private final Map<String, Integer> paddings;

    /**
     * @param encoder the keys of the layers of each stage, from the finest stage on
     * @param forecaster the same of the forecaster
     */
    StageStrides(
            Weights weights,
            Choices choices,
            List<List<String>> encoder,
            List<List<String>> forecaster) {
        this.weights = weights;
        this.choices = choices;
        this.encoder = encoder;
        this.forecaster = forecaster;
        Map<String, Integer> answers = eachLayer(STRIDES, 1);
        this.given = !answers.isEmpty();
        this.strides = given ? answers : told();
        this.paddings = eachLayer(PADDINGS, 0);
        if (!given && !paddings.isEmpty()) {
            choices.mistake("network.paddings are beside network.strides, which are not given");
        }
    }

    static boolean isTransposed(String key) {
        return key.substring(key.lastIndexOf('.') + 1).contains("deconv");
    }

    /** A number for each layer of the encoder; none where the manifest gives none. */
    private Map<String, Integer> eachLayer(String name, int least) {
        List<String> layers = encoder.stream().flatMap(List::stream).toList();
        List<Integer> numbers = choices.integers(name);
        boolean fit =
                numbers.size() == layers.size()
                        && numbers.stream().allMatch(number -> number >= least);
        if (!numbers.isEmpty() && !fit) {
            choices.mistake(
                    "network.%s has %s, expected one from %d for each of the %d layers of the encoder's stages"
                            .formatted(name, numbers, least, layers.size()));
        }
        Map<String, Integer> each = new HashMap<>();
        for (int index = 0; fit && index < numbers.size(); index++) {
            each.put(layers.get(index), numbers.get(index));
        }
        return each;
    }

    private Map<String, Integer> told() {
        Map<String, Integer> told = new HashMap<>();
        for (int stage = 0; stage < encoder.size(); stage++) {
            List<String> down = encoder.get(stage);
            down.forEach(key -> told.put(key, 1));
            List<String> up =
                    forecaster.get(stage).stream().filter(StageStrides::isTransposed).toList();
            if (up.size() > 1) {
                throw new IllegalArgumentException(
                        "%s enlarge the grid one after the other, expected one transposed layer a stage"
                                .formatted(up));
            }
            if (!down.isEmpty() && !up.isEmpty()) {
                int enlarged = kernel(up.getFirst());
                int known = down.size() > 1 ? 0 : published(kernel(down.getFirst()), enlarged);
                if (known == 0) {
                    choices.ask(STRIDES, "<one for each layer of the encoder's stages, in order>");
                }
                // Until the manifest tells it, one that the transposed layer surely undoes.
                told.put(down.getFirst(), known == 0 ? enlarged : known);
            }
        }
        return told;
    }

    /** The stride of a layer and of the one that undoes it in the public configurations, or 0. */
    private static int published(int down, int up) {
        if (down == 3 && up == 4) {
            return 2;
        }
        if (down == 5 && up == 5) {
            return 3;
        }
        return down == 7 && up == 7 ? 5 : 0;
    }

    private int kernel(String key) {
        return weights.size(key + ".weight", 2);
    }

    /** The stride of a layer; that of a transposed one undoes those of the encoder's stage. */
    int stride(int level, String key) {
        if (!forecaster.get(level - 1).contains(key)) {
            return strides.getOrDefault(key, 1);
        }
        long product = 1;
        for (String down : isTransposed(key) ? encoder.get(level - 1) : List.<String>of()) {
            product = Math.min(product * strides.getOrDefault(down, 1), Integer.MAX_VALUE);
        }
        return (int) product;
    }

    /**
     * Padding p divides a side by s exactly where k - s ≤ 2p < k. A transposed layer of the
     * originals multiplies it exactly where 2p = k - s.
     */
    int padding(String key, int stride) {
        int kernel = kernel(key);
        int least = Math.max(0, kernel - stride + 1) / 2;
        int most = (kernel - 1) / 2;
        if (isTransposed(key)) {
            if (kernel - stride != 2 * least) {
                choices.mistake(
                        "'%s' has a kernel of %d, which cannot enlarge the grid by exactly its stride of %d"
                                .formatted(key, kernel, stride));
            }
            return least;
        }
        if (!given || !strides.containsKey(key)) {
            return least;
        }
        if (paddings.isEmpty()) {
            if (least < most) {
                choices.ask(
                        PADDINGS,
                        "<one for each layer of the encoder's stages, %d to %d for '%s'>"
                                .formatted(least, most, key));
            }
            return least;
        }
        int padding = paddings.getOrDefault(key, least);
        if (padding < least || padding > most) {
            choices.mistake(
                    "network.paddings has %d for '%s', expected %d to %d"
                            .formatted(padding, key, least, most));
            return least;
        }
        return padding;
    }
}
