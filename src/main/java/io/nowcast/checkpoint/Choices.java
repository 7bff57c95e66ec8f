package io.nowcast.checkpoint;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the manifest says of a network where the keys of its checkpoint cannot: nothing is guessed.
 * Every choice that is given must be asked for, else it is a mistake in the manifest.
 */
final class Choices {

    private final Map<String, String> given;
    private final Set<String> asked = new HashSet<>();

    Choices(Map<String, String> given) {
        this.given = Map.copyOf(given);
    }

    /**
     * The value that stands for the given choice.
     *
     * @throws CheckpointException.Unsupported if the manifest does not choose, or chooses something
     *     else
     */
    <T> T among(String name, Map<String, T> values) {
        asked.add(name);
        String chosen = given.get(name);
        T value = chosen == null ? null : values.get(chosen);
        if (value == null) {
            throw new CheckpointException.Unsupported(
                    "the weights do not tell '%s': the manifest must say network.%s, one of %s%s"
                            .formatted(
                                    name,
                                    name,
                                    new TreeSet<>(values.keySet()),
                                    chosen == null ? "" : "; it says '" + chosen + "'"));
        }
        return value;
    }

    /** Refuses choices that nothing asked for. */
    void refuseUnasked(String layout) {
        Map<String, String> unasked = new TreeMap<>(given);
        unasked.keySet().removeAll(asked);
        if (!unasked.isEmpty()) {
            throw new CheckpointException.Unsupported(
                    "the manifest's network entries %s mean nothing for the layout %s"
                            .formatted(unasked.keySet(), layout));
        }
    }
}
