package io.nowcast.layout;

import io.nowcast.checkpoint.Checkpoint;
import io.nowcast.network.WeightTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * The modules that the keys of a checkpoint name first. Training with an exponential moving
 * average, or of a student by a teacher, keeps a network twice: behind {@code model.} and {@code
 * ema_model.}. Others keep what only the training needs beside it.
 */
final class ChildModules {

    /** The choice of the module that is the network. */
    static final String PREFIX = "prefix";

    private static final int NAMES_IN_MESSAGE = 12;

    private final Checkpoint checkpoint;
    private final SequencedMap<String, SequencedMap<String, WeightTensor>> modules =
            new LinkedHashMap<>();

    ChildModules(Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
        checkpoint
                .tensors()
                .forEach((key, tensor) -> {
                    int dot = key.indexOf('.');
                    String name = dot < 0 ? key : key.substring(0, dot);
                    SequencedMap<String, WeightTensor> inner =
                            modules.computeIfAbsent(name, first -> new LinkedHashMap<>());
                    if (dot > 0 && dot + 1 < key.length()) {
                        inner.put(key.substring(dot + 1), tensor);
                    }
                });
    }

    /**
     * The tensors of a module as a checkpoint of its own; the name may have dots.
     *
     * @throws LayoutException with the names that there are if it holds no tensors
     */
    Checkpoint named(String name) {
        String start = name.endsWith(".") ? name : name + ".";
        SequencedMap<String, WeightTensor> inner = new LinkedHashMap<>();
        checkpoint
                .tensors()
                .forEach((key, tensor) -> {
                    if (key.startsWith(start) && key.length() > start.length()) {
                        inner.put(key.substring(start.length()), tensor);
                    }
                });
        if (inner.isEmpty()) {
            throw new LayoutException(
                    "network.%s is '%s', but the keys begin with %s"
                            .formatted(
                                    PREFIX,
                                    name,
                                    modules.keySet().stream().limit(NAMES_IN_MESSAGE).toList()));
        }
        return checkpoint.with(inner).unwrapped();
    }

    /** The names of those that a layout recognises, each with its layout, for people. */
    List<String> recognised(Function<Checkpoint, Optional<Layout>> recognition) {
        List<String> recognised = new ArrayList<>();
        modules.forEach((name, inner) -> {
            if (!inner.isEmpty()) {
                recognition
                        .apply(checkpoint.with(inner).unwrapped())
                        .map(known -> "%s (%s)".formatted(name, known.name()))
                        .ifPresent(recognised::add);
            }
        });
        return recognised.stream().limit(NAMES_IN_MESSAGE).toList();
    }
}
