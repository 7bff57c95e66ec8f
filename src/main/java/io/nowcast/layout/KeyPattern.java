package io.nowcast.layout;

import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;

/** Finds what stands before and how often a numbered part of a network occurs among its keys. */
final class KeyPattern {

    /** Far more than any network has; each becomes statements of a program. */
    private static final int MOST = 256;

    private KeyPattern() {}

    /** What stands before the first key that ends with {@code ending}, with its dot. */
    static Optional<String> prefixOf(Set<String> keys, String ending) {
        return keys.stream()
                .filter(key -> key.equals(ending) || key.endsWith("." + ending))
                .findFirst()
                .map(key -> key.substring(0, key.length() - ending.length()));
    }

    /** How many of the keys for 0, 1, 2, ... are there without a gap; at least 1. */
    static int count(Set<String> keys, IntFunction<String> key) {
        int count = 0;
        while (keys.contains(key.apply(count))) {
            count++;
            if (count > MOST) {
                throw new IllegalArgumentException(
                        "more than %d layers, up to '%s'".formatted(MOST, key.apply(MOST)));
            }
        }
        return Math.max(1, count);
    }
}
