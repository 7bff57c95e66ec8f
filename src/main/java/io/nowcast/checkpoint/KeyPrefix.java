package io.nowcast.checkpoint;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What wrapping a network adds in front of every key: {@code module.} by DataParallel and
 * AveragedModel, {@code model.} by a Lightning module, {@code _orig_mod.} by {@code torch.compile}.
 * Only a prefix that all keys share is one.
 */
final class KeyPrefix {

    /** The counter that {@code torch.optim.swa_utils.AveragedModel} keeps beside its module. */
    private static final String AVERAGED = "n_averaged";

    private KeyPrefix() {}

    /** The prefixes in the order they come, each at most once; empty if there is none. */
    static String of(Collection<String> keys) {
        List<String> wrapped = keys.stream().filter(key -> !isBeside(key)).toList();
        List<String> unused = new ArrayList<>(List.of("module.", "model.", "_orig_mod."));
        StringBuilder prefix = new StringBuilder();
        for (int round = unused.size(); round > 0; round--) {
            unused.stream()
                    .filter(candidate -> allContinue(wrapped, prefix + candidate))
                    .findFirst()
                    .ifPresent(candidate -> {
                        prefix.append(candidate);
                        unused.remove(candidate);
                    });
        }
        return prefix.toString();
    }

    /** Whether a key is the wrapper's own, without the prefix of the others. */
    static boolean isBeside(String key) {
        return key.equals(AVERAGED);
    }

    private static boolean allContinue(Collection<String> keys, String prefix) {
        return !keys.isEmpty()
                && keys.stream()
                        .allMatch(key -> key.startsWith(prefix) && key.length() > prefix.length());
    }
}
