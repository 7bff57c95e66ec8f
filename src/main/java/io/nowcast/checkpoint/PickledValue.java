package io.nowcast.checkpoint;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What a pickle turns into: inert values only.
 *
 * <p>Containers compare by identity. A forged pickle can refer to itself or double its apparent
 * size with every byte, so nothing may walk through one recursively, not even a hash code.
 */
sealed interface PickledValue {

    record Text(String value) implements PickledValue {}

    record Whole(long value) implements PickledValue {}

    /** An integer of more than 64 bits. */
    record Large(BigInteger value) implements PickledValue {}

    record Real(double value) implements PickledValue {}

    record Flag(boolean value) implements PickledValue {}

    /** Python's {@code None}. */
    enum None implements PickledValue {
        NONE
    }

    /** A name of the allow-list, not called yet. */
    record Global(String name, GlobalRole role) implements PickledValue {}

    /** A value that is never looked into: bytes, an optimizer, a scheduler, a numpy scalar. */
    record Opaque(String name) implements PickledValue {}

    /** The raw numbers that tensors are views of. */
    record Storage(ElementType type, String key, long count) implements PickledValue {

        /**
         * @throws IllegalArgumentException if no memory could hold it
         */
        public Storage {
            if (count < 0 || count > Long.MAX_VALUE / type.bytes()) {
                throw new IllegalArgumentException(
                        "storage '%s' of %d elements".formatted(key, count));
            }
        }

        long bytes() {
            return count * type.bytes();
        }
    }

    /** A tensor that has not been read yet. */
    record Tensor(TensorView view) implements PickledValue {}

    /** A list, tuple or set. */
    final class Sequence implements PickledValue {
        private final List<PickledValue> items;

        Sequence(List<PickledValue> items) {
            this.items = new ArrayList<>(items);
        }

        List<PickledValue> items() {
            return items;
        }
    }

    /**
     * A dict or OrderedDict, in insertion order. Only texts are looked up: they are ordered, so
     * that keys of one hash code cost no more than others, and what else may be a key in Python,
     * such as two numpy scalars, may be the same value here.
     */
    final class Mapping implements PickledValue {
        /** By the text of the key; the entry of another key by an object of its own. */
        private final SequencedMap<Object, Entry> entries = new LinkedHashMap<>();

        /** Adds an entry, unless the key is a text that is there already: then answers false. */
        boolean add(PickledValue key, PickledValue value) {
            Object by = key instanceof Text(String text) ? text : new Object();
            return entries.putIfAbsent(by, new Entry(key, value)) == null;
        }

        Collection<Entry> entries() {
            return Collections.unmodifiableCollection(entries.values());
        }

        Optional<PickledValue> get(String key) {
            return Optional.ofNullable(entries.get(key)).map(Entry::value);
        }
    }

    /** A key of a dict and what it stands for. */
    record Entry(PickledValue key, PickledValue value) {}

    /** What to call the value in a message. */
    default String kind() {
        return switch (this) {
            case Text _ -> "a string";
            case Whole _, Large _ -> "an integer";
            case Real _ -> "a float";
            case Flag _ -> "a bool";
            case None _ -> "None";
            case Global global -> global.name();
            case Opaque opaque -> opaque.name();
            case Storage _ -> "a storage";
            case Tensor _ -> "a tensor";
            case Sequence _ -> "a sequence";
            case Mapping _ -> "a dict";
        };
    }
}
