package io.nowcast.batching;

import com.sun.management.OperatingSystemMXBean;
import io.nowcast.settings.Setting;
import java.lang.management.ManagementFactory;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * The memory of model calls.
 *
 * @param workingMemory what the calls that run on a device at a time may take there together, and
 *     so each prediction, beside the weights; where absent what the machine or the container has,
 *     less the largest Java heap and what the process takes at rest, or a part of what a GPU has
 */
@ConfigurationProperties("nowcast.limits")
public record WorkingMemoryProperties(@Nullable DataSize workingMemory) {

    /** Libraries, weights of a common size and the JVM itself, measured at rest. */
    private static final DataSize AT_REST = DataSize.ofMegabytes(400);

    /**
     * Enough for a grid that any model serves, where a heap of the machine's size leaves nothing.
     */
    private static final DataSize LEAST = DataSize.ofMegabytes(128);

    public WorkingMemoryProperties {
        if (workingMemory != null) {
            Setting.requireAtLeast(
                    DataSize.ofBytes(1), "nowcast.limits.working-memory", workingMemory);
        }
    }

    WorkingMemory memory() {
        long machine =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                        .getTotalMemorySize();
        return new WorkingMemory(
                workingMemory == null
                        ? OptionalLong.empty()
                        : OptionalLong.of(workingMemory.toBytes()),
                Math.max(
                        LEAST.toBytes(),
                        machine - Runtime.getRuntime().maxMemory() - AT_REST.toBytes()));
    }
}
