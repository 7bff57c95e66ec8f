package io.nowcast.layout;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What a tensor of a checkpoint is for.
 *
 * @param key its name
 * @param shape its sizes
 * @param role for people, such as {@code layer 1, gates i,f,o,g}
 * @param unused whether no inference needs it
 */
public record KeyRole(String key, List<Integer> shape, String role, boolean unused) {

    KeyRole(String key, int[] shape, String role, boolean unused) {
        this(key, IntStream.of(shape).boxed().toList(), role, unused);
    }
}
