package io.nowcast.engine;

import io.nowcast.model.DeviceName;
import io.nowcast.torchscript.Kernels;
import io.nowcast.torchscript.NumberFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** What the devices of this machine can do. */
final class Processor {

    private static final Path DESCRIPTION = Path.of("/proc/cpuinfo");

    /**
     * Either brings bf16 arithmetic of its own; without it PyTorch computes bf16 by conversions.
     */
    private static final Set<String> FAST_BF16 = Set.of("amx_bf16", "avx512_bf16");

    private Processor() {}

    /** The operators of a program: oneDNN's for what an x86 processor has instructions for. */
    static Kernels kernels(DeviceName device, NumberFormat format) {
        boolean x86 = System.getProperty("os.arch", "").equals("amd64");
        boolean instructed =
                switch (format) {
                    case FLOAT32 -> !device.isCuda();
                    case BF16 -> isFastInBf16(device);
                    case FP16 -> false;
                };
        return x86 && instructed ? Kernels.ONEDNN : Kernels.PORTABLE;
    }

    /**
     * Whether a device computes faster in bf16 than in float32. A GPU does not: its float32
     * convolutions go through TF32 at a speed that the conversions around those in bf16 use up, see
     * docs/gpu.md.
     */
    static boolean isFastInBf16(DeviceName device) {
        return !device.isCuda() && flags().stream().anyMatch(FAST_BF16::contains);
    }

    /** The features that Linux tells of the processor; none elsewhere. */
    private static Set<String> flags() {
        try (var lines = Files.lines(DESCRIPTION)) {
            return lines.filter(line -> line.startsWith("flags"))
                    .limit(1)
                    .flatMap(line -> Arrays.stream(line.split("\\s+", -1)))
                    .collect(Collectors.toSet());
        } catch (IOException absent) {
            return Set.of();
        }
    }
}
