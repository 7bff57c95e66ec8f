package io.nowcast.checkpoint;

import io.nowcast.checkpoint.PickledValue.Global;
import io.nowcast.checkpoint.PickledValue.Mapping;
import io.nowcast.checkpoint.PickledValue.Opaque;
import io.nowcast.checkpoint.PickledValue.Sequence;
import io.nowcast.checkpoint.PickledValue.Storage;
import io.nowcast.checkpoint.PickledValue.Tensor;
import io.nowcast.checkpoint.PickledValue.Text;
import io.nowcast.checkpoint.PickledValue.Whole;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the instructions of a pickle that would make objects in Python mean here: tensors and
 * containers are described, inert classes become {@link Opaque}, anything else is refused.
 */
final class PickledObjects {

    private static final Set<String> TENSOR_MODULES =
            Set.of("torch", "torch._C", "torch._tensor", "torch._utils");

    private final ByteCursor cursor;
    private final PickleBudget budget;
    private final Map<String, Storage> storages = new HashMap<>();

    PickledObjects(ByteCursor cursor, PickleBudget budget) {
        this.cursor = cursor;
        this.budget = budget;
    }

    /** The storages met so far, by key. */
    Map<String, Storage> storages() {
        return storages;
    }

    Global global(String module, String name) {
        return GlobalRole.of(module, name)
                .map(role -> new Global(module + "." + name, role))
                .orElseThrow(() ->
                        new CheckpointException.Forbidden(
                                ("%s: the pickle names %s.%s, which is not on the list of"
                                                + " allowed names; nothing was run. Save"
                                                + " only model.state_dict()%s")
                                        .formatted(
                                                cursor.at(cursor.position()),
                                                module,
                                                name,
                                                ofPlainTensors(module))));
    }

    /** A state_dict names what PyTorch itself has for tensors of other kinds. */
    private static String ofPlainTensors(String module) {
        return TENSOR_MODULES.contains(module)
                ? ", its tensors neither quantised nor sparse and of float32"
                : "";
    }

    /** What calling, or constructing, yields. */
    PickledValue call(PickledValue callable, PickledValue arguments) {
        if (!(callable instanceof Global(String name, GlobalRole role))) {
            throw forbidden("calls " + callable.kind());
        }
        if (!(arguments instanceof Sequence sequence)) {
            throw cursor.malformed("expected a tuple of arguments, got " + arguments.kind());
        }
        List<PickledValue> items = sequence.items();
        return switch (role) {
            case ORDERED_DICT -> orderedDict(items);
            case TENSOR -> tensor(items);
            case PARAMETER -> argument(items, 0, Tensor.class);
            case SIZE -> argument(items, 0, Sequence.class);
            case TAGGED -> argument(items, 0, PickledValue.class);
            case INERT -> new Opaque(name);
            case STORAGE -> throw forbidden("calls " + name);
        };
    }

    void append(List<PickledValue> items, PickledValue target) {
        switch (target) {
            case Sequence sequence -> sequence.items().addAll(items);
            case Opaque _ -> {}
            default -> throw cursor.malformed("appends to " + target.kind());
        }
    }

    /** Adds alternating keys and values. */
    void setItems(List<PickledValue> items, PickledValue target) {
        if (items.size() % 2 != 0) {
            throw cursor.malformed("a key without a value");
        }
        switch (target) {
            case Mapping mapping -> {
                for (int i = 0; i < items.size(); i += 2) {
                    put(mapping, items.get(i), items.get(i + 1));
                }
            }
            case Opaque _ -> {}
            default -> throw cursor.malformed("sets items of " + target.kind());
        }
    }

    /** Attributes: a state_dict's {@code _metadata}, or those of an inert object. */
    void build(PickledValue state, PickledValue target) {
        if (!(target instanceof Mapping || target instanceof Opaque)) {
            throw forbidden("sets attributes of %s to %s".formatted(target.kind(), state.kind()));
        }
    }

    /** {@code ('storage', class, key, location, count)}, and None for a view in old files. */
    Storage storage(PickledValue persistentId) {
        if (persistentId instanceof Sequence id
                && id.items().size() >= 5
                && id.items().get(0) instanceof Text(String tag)
                && tag.equals("storage")
                && id.items().get(1) instanceof Global(String name, GlobalRole role)
                && role == GlobalRole.STORAGE
                && id.items().get(2) instanceof Text(String key)
                && id.items().get(4) instanceof Whole(long count)
                && (id.items().size() == 5 || id.items().get(5) == PickledValue.None.NONE)) {
            return storage(name, key, count);
        }
        throw cursor.malformed("expected a persistent id of a storage");
    }

    private Storage storage(String className, String key, long count) {
        ElementType type =
                ElementType.ofStorageClass(className.substring(className.lastIndexOf('.') + 1))
                        .orElseThrow();
        budget.spendOnKey(key);
        try {
            Storage storage = new Storage(type, key, count);
            Storage known = storages.putIfAbsent(key, storage);
            if (known != null && !known.equals(storage)) {
                throw cursor.malformed("%s was %s before".formatted(storage, known));
            }
            return storage;
        } catch (IllegalArgumentException e) {
            throw cursor.malformed(String.valueOf(e.getMessage()));
        }
    }

    private Tensor tensor(List<PickledValue> arguments) {
        Storage storage = argument(arguments, 0, Storage.class);
        long offset = argument(arguments, 1, Whole.class).value();
        List<Long> shape = integers(argument(arguments, 2, Sequence.class));
        List<Long> strides = integers(argument(arguments, 3, Sequence.class));
        try {
            return new Tensor(new TensorView(storage, offset, shape, strides));
        } catch (IllegalArgumentException e) {
            throw cursor.malformed("a tensor cannot have " + e.getMessage());
        }
    }

    private Mapping orderedDict(List<PickledValue> arguments) {
        Mapping mapping = new Mapping();
        if (!arguments.isEmpty()) {
            List<PickledValue> pairs = argument(arguments, 0, Sequence.class).items();
            budget.spend(pairs.size());
            for (PickledValue pair : pairs) {
                if (!(pair instanceof Sequence entry) || entry.items().size() != 2) {
                    throw cursor.malformed("expected a key and a value, got " + pair.kind());
                }
                put(mapping, entry.items().getFirst(), entry.items().getLast());
            }
        }
        return mapping;
    }

    private void put(Mapping mapping, PickledValue key, PickledValue value) {
        if (key instanceof Text(String text)) {
            budget.spendOnKey(text);
        }
        if (!mapping.add(key, value)) {
            throw cursor.malformed(
                    "the key %s comes twice"
                            .formatted(key instanceof Text(String text) ? text : key.kind()));
        }
    }

    private List<Long> integers(Sequence sequence) {
        budget.spend(sequence.items().size());
        return sequence.items().stream().map(item -> cast(item, Whole.class).value()).toList();
    }

    private <T extends PickledValue> T argument(
            List<PickledValue> arguments, int index, Class<T> type) {
        if (index >= arguments.size()) {
            throw cursor.malformed(
                    "expected argument %d, got %d of them".formatted(index, arguments.size()));
        }
        return cast(arguments.get(index), type);
    }

    private <T extends PickledValue> T cast(PickledValue value, Class<T> type) {
        if (!type.isInstance(value)) {
            throw cursor.malformed(
                    "expected a %s, got %s".formatted(type.getSimpleName(), value.kind()));
        }
        return type.cast(value);
    }

    private CheckpointException.Forbidden forbidden(String what) {
        return new CheckpointException.Forbidden(
                "%s: the pickle %s; nothing was run".formatted(cursor.at(cursor.position()), what));
    }
}
