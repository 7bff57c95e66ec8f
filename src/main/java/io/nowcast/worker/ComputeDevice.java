package io.nowcast.worker;

import io.nowcast.model.DeviceName;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A device, whose turn it is on it, and whether this process has lost it. Thread-safe. */
final class ComputeDevice {

    private final DeviceName name;
    private final DeviceTurns turns;
    private final DeviceMemory memory;
    private final AtomicReference<@Nullable String> loss = new AtomicReference<>();

    ComputeDevice(DeviceName name, DeviceTurns turns, DeviceMemory memory) {
        this.name = name;
        this.turns = turns;
        this.memory = memory;
    }

    DeviceName name() {
        return name;
    }

    DeviceTurns turns() {
        return turns;
    }

    DeviceMemory memory() {
        return memory;
    }

    /** Latches the loss; the first reason stays. Whether it is new. */
    boolean lose(String reason) {
        return loss.compareAndSet(null, reason);
    }

    boolean isLost() {
        return loss().isPresent();
    }

    /** Why it was lost. */
    Optional<String> loss() {
        return Optional.ofNullable(loss.get());
    }
}
