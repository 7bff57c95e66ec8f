package io.nowcast.checkpoint;

import io.nowcast.network.WeightTensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.BiPredicate;
import java.util.function.BinaryOperator;

/**
 * Weights that a network computes from two other tensors whenever it runs, and that its file lacks
 * therefore: those of {@code torch.nn.utils.weight_norm} (Salimans and Kingma 2016,
 * arXiv:1602.07868) and of {@code torch.nn.utils.prune}. They are computed here, once.
 */
final class DerivedWeights {

    private static final String PARAMETRIZATIONS = "parametrizations.";

    private static final List<Derivation> DERIVATIONS =
            List.of(
                    new Derivation(
                            "_g", "_v", DerivedWeights::isMagnitude, DerivedWeights::normalised),
                    new Derivation(
                            ".original0",
                            ".original1",
                            DerivedWeights::isMagnitude,
                            DerivedWeights::normalised),
                    new Derivation(
                            "_orig", "_mask", DerivedWeights::sameShape, DerivedWeights::masked));

    private DerivedWeights() {}

    /**
     * The tensors with each derived weight in the place of the first that it is derived from.
     *
     * @throws CheckpointException.Unsupported if a weight is derived in another way
     */
    static SequencedMap<String, WeightTensor> computedIn(
            SequencedMap<String, WeightTensor> stored) {
        SequencedMap<String, WeightTensor> weights = stored;
        for (Derivation derivation : DERIVATIONS) {
            weights = derivation.computedIn(weights);
        }
        for (String key : weights.keySet()) {
            requireStored(key, weights);
        }
        return weights;
    }

    private static void requireStored(String key, Map<String, WeightTensor> weights) {
        boolean spectral =
                key.endsWith("_orig") && weights.containsKey(withEnding(key, "_orig", "_u"));
        if (spectral || key.startsWith(PARAMETRIZATIONS) || key.contains("." + PARAMETRIZATIONS)) {
            throw new CheckpointException.Unsupported(
                    "'%s' is no weight, but what the network computes one from, as by spectral_norm; of such only weight_norm and prune are read. Save the state_dict after torch.nn.utils.remove_spectral_norm or parametrize.remove_parametrizations"
                            .formatted(key));
        }
    }

    private static String withEnding(String key, String ending, String other) {
        return key.substring(0, key.length() - ending.length()) + other;
    }

    /** Whether sizes are those of the direction in at most one dimension and 1 in the others. */
    private static boolean isMagnitude(WeightTensor magnitude, WeightTensor direction) {
        if (magnitude.values().length == 1) {
            return magnitude.rank() == 0 || magnitude.rank() == direction.rank();
        }
        int kept = keptDimension(magnitude);
        return magnitude.rank() == direction.rank()
                && magnitude.values().length == magnitude.size(kept)
                && magnitude.size(kept) == direction.size(kept);
    }

    /** The dimension along which the norms differ; 0 where there is one norm. */
    private static int keptDimension(WeightTensor magnitude) {
        int kept = 0;
        for (int dimension = 0; dimension < magnitude.rank(); dimension++) {
            kept = magnitude.size(dimension) == 1 ? kept : dimension;
        }
        return kept;
    }

    /** g v / ||v||, the norm over all dimensions in which g has size 1. */
    private static WeightTensor normalised(WeightTensor magnitude, WeightTensor direction) {
        float[] lengths = magnitude.values();
        float[] values = direction.values().clone();
        int stride = values.length;
        if (lengths.length > 1) {
            stride = 1;
            for (int after = keptDimension(magnitude) + 1; after < direction.rank(); after++) {
                stride *= direction.size(after);
            }
        }
        double[] squares = new double[lengths.length];
        for (int index = 0; index < values.length; index++) {
            squares[index / stride % lengths.length] += (double) values[index] * values[index];
        }
        for (int index = 0; index < values.length; index++) {
            int norm = index / stride % lengths.length;
            values[index] = (float) (values[index] * (lengths[norm] / Math.sqrt(squares[norm])));
        }
        return new WeightTensor(direction.shape(), values);
    }

    private static boolean sameShape(WeightTensor original, WeightTensor mask) {
        return Arrays.equals(original.shape(), mask.shape());
    }

    private static WeightTensor masked(WeightTensor original, WeightTensor mask) {
        float[] values = original.values().clone();
        for (int index = 0; index < values.length; index++) {
            values[index] *= mask.values()[index];
        }
        return new WeightTensor(original.shape(), values);
    }

    /** What stands behind a weight's name in the keys of both tensors, and what they give. */
    private record Derivation(
            String first,
            String second,
            BiPredicate<WeightTensor, WeightTensor> fits,
            BinaryOperator<WeightTensor> weight) {

        SequencedMap<String, WeightTensor> computedIn(Map<String, WeightTensor> stored) {
            SequencedMap<String, WeightTensor> weights = new LinkedHashMap<>();
            stored.forEach((key, tensor) -> {
                if (derives(key, stored)) {
                    weights.put(name(key), weight.apply(tensor, other(key, stored)));
                } else if (!key.endsWith(second)
                        || !derives(withEnding(key, second, first), stored)) {
                    weights.put(key, tensor);
                }
            });
            return weights;
        }

        private boolean derives(String key, Map<String, WeightTensor> stored) {
            return key.endsWith(first)
                    && stored.containsKey(key)
                    && stored.containsKey(withEnding(key, first, second))
                    && !stored.containsKey(name(key))
                    && fits.test(tensor(key, stored), other(key, stored));
        }

        private WeightTensor other(String key, Map<String, WeightTensor> stored) {
            return tensor(withEnding(key, first, second), stored);
        }

        private static WeightTensor tensor(String key, Map<String, WeightTensor> stored) {
            return Objects.requireNonNull(stored.get(key));
        }

        private String name(String key) {
            String name = withEnding(key, first, "");
            int parametrization = first.startsWith(".") ? name.lastIndexOf(PARAMETRIZATIONS) : -1;
            return parametrization < 0
                    ? name
                    : name.substring(0, parametrization)
                            + name.substring(parametrization + PARAMETRIZATIONS.length());
        }
    }
}
