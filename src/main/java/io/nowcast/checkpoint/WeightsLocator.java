package io.nowcast.checkpoint;

import io.nowcast.checkpoint.PickledValue.Entry;
import io.nowcast.checkpoint.PickledValue.Mapping;
import io.nowcast.checkpoint.PickledValue.Tensor;
import io.nowcast.checkpoint.PickledValue.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Finds the weights in what {@code torch.save} was given, without guessing.
 *
 * <p>In this order: the entry called {@code state_dict}, {@code model_state_dict} or {@code
 * net_param}, if exactly one of them is there; the dictionary itself, if it holds only tensors; its
 * entries that do, whose names begin the keys where there are several. Anything else is refused and
 * the keys are listed. Looks two levels deep, so that a forged nesting costs nothing.
 */
final class WeightsLocator {

    private static final List<String> WRAPPERS =
            List.of("state_dict", "model_state_dict", "net_param");
    private static final int KEYS_IN_MESSAGE = 20;

    private WeightsLocator() {}

    static StoredTensors locate(PickledValue root, StoredTensors.Storages storages) {
        if (!(root instanceof Mapping mapping)) {
            throw new CheckpointException.Unsupported(
                    "expected a dict of tensors, got " + root.kind());
        }
        SequencedMap<String, Mapping> dicts = dicts(mapping);
        SequencedMap<String, Mapping> named = new LinkedHashMap<>(dicts);
        named.keySet().retainAll(WRAPPERS);
        if (named.isEmpty() && holdsOnlyTensors(mapping)) {
            return new StoredTensors(Optional.empty(), views(mapping), storages);
        }
        dicts.values().removeIf(dict -> !holdsOnlyTensors(dict));
        SequencedMap<String, Mapping> candidates = named.isEmpty() ? dicts : named;
        if (named.isEmpty() && candidates.size() > 1) {
            return new StoredTensors(Optional.empty(), sideBySide(candidates), storages);
        }
        if (candidates.size() != 1) {
            throw new CheckpointException.Unsupported(
                    ("expected tensors or one dict of tensors called state_dict, model_state_dict"
                                    + " or net_param; %d fit, the keys are %s")
                            .formatted(candidates.size(), describe(mapping)));
        }
        Map.Entry<String, Mapping> weights = candidates.firstEntry();
        return new StoredTensors(
                Optional.of(weights.getKey()), views(weights.getValue()), storages);
    }

    private static SequencedMap<String, Mapping> dicts(Mapping outer) {
        SequencedMap<String, Mapping> dicts = new LinkedHashMap<>();
        for (Entry entry : outer.entries()) {
            if (entry instanceof Entry(Text(String name), Mapping dict)) {
                dicts.put(name, dict);
            }
        }
        return dicts;
    }

    private static boolean holdsOnlyTensors(Mapping mapping) {
        return !mapping.entries().isEmpty()
                && mapping.entries().stream()
                        .allMatch(e -> e.key() instanceof Text && e.value() instanceof Tensor);
    }

    private static SequencedMap<String, TensorView> views(Mapping weights) {
        SequencedMap<String, TensorView> views = new LinkedHashMap<>();
        for (Entry entry : weights.entries()) {
            if (entry instanceof Entry(Text(String key), Tensor(TensorView view))) {
                views.put(key, view);
            } else {
                throw new CheckpointException.Unsupported(
                        "expected only tensors among the weights, but %s is %s"
                                .formatted(name(entry.key()), entry.value().kind()));
            }
        }
        return views;
    }

    /** As of a network whose modules have the names of the dicts. */
    private static SequencedMap<String, TensorView> sideBySide(
            SequencedMap<String, Mapping> dicts) {
        SequencedMap<String, TensorView> views = new LinkedHashMap<>();
        dicts.forEach((name, dict) ->
                views(dict)
                        .forEach((key, view) -> {
                            if (views.put(name + "." + key, view) != null) {
                                throw new CheckpointException.Unsupported(
                                        "two of its dicts of tensors have a '%s.%s'"
                                                .formatted(name, key));
                            }
                        }));
        return views;
    }

    private static List<String> describe(Mapping mapping) {
        return mapping.entries().stream()
                .limit(KEYS_IN_MESSAGE)
                .map(entry -> "%s (%s)".formatted(name(entry.key()), entry.value().kind()))
                .toList();
    }

    private static String name(PickledValue key) {
        return key instanceof Text(String text) ? "'" + text + "'" : key.kind();
    }
}
