package io.nowcast.checkpoint;

import io.nowcast.network.WeightTensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * The named tensors of a trained network, in file order, converted to float32.
 *
 * <p>Immutable as long as nobody writes to a tensor's backing array.
 */
public final class Checkpoint {

    private final SequencedMap<String, WeightTensor> tensors;
    private final CheckpointFormat format;
    private final String digest;
    private final Optional<String> wrapper;
    private final String prefix;
    private final List<String> ignored;

    Checkpoint(
            SequencedMap<String, WeightTensor> tensors,
            CheckpointFormat format,
            String digest,
            Optional<String> wrapper,
            String prefix,
            List<String> ignored) {
        this.tensors = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tensors));
        this.format = format;
        this.digest = digest;
        this.wrapper = wrapper;
        this.prefix = prefix;
        this.ignored = List.copyOf(ignored);
    }

    /** The same checkpoint with other tensors. */
    public Checkpoint with(SequencedMap<String, WeightTensor> others) {
        return new Checkpoint(others, format, digest, wrapper, prefix, ignored);
    }

    /** The same checkpoint without what wrappers of the network put before all of its keys. */
    public Checkpoint unwrapped() {
        String wrappers = KeyPrefix.of(tensors.keySet());
        SequencedMap<String, WeightTensor> inner = new LinkedHashMap<>();
        tensors.forEach((key, tensor) -> {
            if (!KeyPrefix.isBeside(key)) {
                inner.put(key.substring(wrappers.length()), tensor);
            }
        });
        return with(inner);
    }

    /** Unmodifiable; keys without {@link #prefix()}; never empty. */
    public SequencedMap<String, WeightTensor> tensors() {
        return tensors;
    }

    public CheckpointFormat format() {
        return format;
    }

    /** SHA-256 of the file's bytes, lower-case hexadecimal. */
    public String digest() {
        return digest;
    }

    /** The entry of the outer dictionary that held the tensors, such as {@code state_dict}. */
    public Optional<String> wrapper() {
        return wrapper;
    }

    /** What every key in the file began with, such as {@code module.}; empty if nothing. */
    public String prefix() {
        return prefix;
    }

    /**
     * Keys of tensors left out because no inference needs them: {@code num_batches_tracked} and
     * {@code n_averaged}.
     */
    public List<String> ignored() {
        return ignored;
    }

    @Override
    public String toString() {
        return "%s of %d tensors, sha256 %s".formatted(format, tensors.size(), digest);
    }
}
