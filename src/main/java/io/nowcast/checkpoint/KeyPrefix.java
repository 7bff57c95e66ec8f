package io.nowcast.checkpoint;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What wrapping a network adds in front of every key: {@code module.} by DataParallel, {@code
 * model.} by a Lightning module. Only a prefix that all keys share is one.
 */
final class KeyPrefix {

    private KeyPrefix() {}

    /** The prefixes in the order they come, each at most once; empty if there is none. */
    static String of(Collection<String> keys) {
        List<String> unused = new ArrayList<>(List.of("module.", "model."));
        StringBuilder prefix = new StringBuilder();
        for (int round = unused.size(); round > 0; round--) {
            unused.stream()
                    .filter(candidate -> allContinue(keys, prefix + candidate))
                    .findFirst()
                    .ifPresent(candidate -> {
                        prefix.append(candidate);
                        unused.remove(candidate);
                    });
        }
        return prefix.toString();
    }

    private static boolean allContinue(Collection<String> keys, String prefix) {
        return !keys.isEmpty()
                && keys.stream()
                        .allMatch(key -> key.startsWith(prefix) && key.length() > prefix.length());
    }
}
