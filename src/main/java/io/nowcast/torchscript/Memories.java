package io.nowcast.torchscript;

import io.nowcast.network.Features;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The cells that features depend on within a pass. */
final class Memories {

    private final Set<Features> seen = new HashSet<>();
    private final List<Features.Recurrent> found = new ArrayList<>();

    private Memories() {}

    /** All of them, each after those that it reads. */
    static List<Features.Recurrent> of(Features features) {
        Memories memories = new Memories();
        memories.collect(features);
        return memories.found;
    }

    /** Those that no other of them reads: evaluating these evaluates all. */
    static List<Features.Recurrent> notRead(Features features) {
        List<Features.Recurrent> all = of(features);
        Memories read = new Memories();
        all.forEach(memory -> memory.input().ifPresent(read::collect));
        return all.stream().filter(memory -> !read.seen.contains(memory)).toList();
    }

    private void collect(Features features) {
        if (!seen.add(features)) {
            return;
        }
        switch (features) {
            case Features.Frame _ -> {}
            case Features.Through(Features input, var _) -> collect(input);
            case Features.Joined(List<Features> parts) -> parts.forEach(this::collect);
            case Features.Sum(Features first, Features second) -> {
                collect(first);
                collect(second);
            }
            case Features.Recurrent memory -> {
                memory.input().ifPresent(this::collect);
                found.add(memory);
            }
        }
    }
}
