package io.nowcast.accelerator;

import com.sun.jna.Native;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Asks the CUDA driver, which has applied {@code CUDA_VISIBLE_DEVICES} and {@code
 * CUDA_DEVICE_ORDER} already: its numbers are those of {@code cuda:N}. Stateless and thread-safe.
 */
public final class CudaDriver {

    private static final int UUID_BYTES = 16;
    private static final String VISIBLE = "CUDA_VISIBLE_DEVICES";

    private final Supplier<CudaLibrary> library;
    private final Path root;
    private final Map<String, String> environment;

    /**
     * @param library throws an {@link UnsatisfiedLinkError} where there is none
     * @param root what {@code proc} and {@code dev} are looked for in
     */
    CudaDriver(Supplier<CudaLibrary> library, Path root, Map<String, String> environment) {
        this.library = library;
        this.root = root;
        this.environment = environment;
    }

    public static CudaDriver ofThisMachine() {
        return new CudaDriver(
                () -> Native.load(CudaLibrary.NAME, CudaLibrary.class),
                Path.of("/"),
                System.getenv());
    }

    /** Never fails: what is missing or refused is told in words. */
    public DriverReport report() {
        boolean module = Files.exists(root.resolve("proc/driver/nvidia/version"));
        int nodes = deviceNodes();
        boolean signs = module || nodes > 0;
        CudaLibrary cuda;
        try {
            cuda = library.get();
        } catch (LinkageError _) {
            return new DriverReport(
                    0,
                    signs,
                    signs
                            ? "the kernel has NVIDIA's driver and /dev has %s, but %s could not be loaded: a container needs NVIDIA's runtime, and NVIDIA_DRIVER_CAPABILITIES with compute"
                                    .formatted(gpus(nodes), CudaLibrary.NAME)
                            : "no NVIDIA driver was found (no %s, no /proc/driver/nvidia/version, no /dev/nvidia0)"
                                    .formatted(CudaLibrary.NAME));
        }
        int started = cuda.cuInit(0);
        if (started != CudaLibrary.SUCCESS) {
            return new DriverReport(
                    0,
                    signs,
                    "the CUDA driver does not start: %s; /dev has %s%s"
                            .formatted(error(cuda, started), gpus(nodes), visible()));
        }
        IntByReference devices = new IntByReference();
        int counted = cuda.cuDeviceGetCount(devices);
        int shown = counted == CudaLibrary.SUCCESS ? devices.getValue() : 0;
        return new DriverReport(
                shown,
                shown > 0 || signs,
                "the CUDA driver shows %s%s".formatted(gpus(shown), visible()));
    }

    /** The UUID of {@code cuda:N} as hexadecimal digits with dashes. */
    Optional<String> uuid(int index) {
        try {
            CudaLibrary cuda = library.get();
            IntByReference device = new IntByReference();
            byte[] uuid = new byte[UUID_BYTES];
            return cuda.cuInit(0) == CudaLibrary.SUCCESS
                            && cuda.cuDeviceGet(device, index) == CudaLibrary.SUCCESS
                            && cuda.cuDeviceGetUuid_v2(uuid, device.getValue())
                                    == CudaLibrary.SUCCESS
                    ? Optional.of(text(uuid))
                    : Optional.empty();
        } catch (LinkageError _) {
            return Optional.empty();
        }
    }

    private static String error(CudaLibrary cuda, int result) {
        PointerByReference text = new PointerByReference();
        return cuda.cuGetErrorString(result, text) == CudaLibrary.SUCCESS && text.getValue() != null
                ? "%s (%d)".formatted(text.getValue().getString(0), result)
                : "error " + result;
    }

    private String visible() {
        String value = environment.get(VISIBLE);
        return value == null ? "" : ", %s is '%s'".formatted(VISIBLE, value);
    }

    private int deviceNodes() {
        int nodes = 0;
        try (DirectoryStream<Path> found =
                Files.newDirectoryStream(root.resolve("dev"), "nvidia[0-9]*")) {
            for (Path _ : found) {
                nodes++;
            }
        } catch (IOException | DirectoryIteratorException _) {
            return nodes;
        }
        return nodes;
    }

    private static String gpus(int number) {
        return switch (number) {
            case 0 -> "no GPU";
            case 1 -> "1 GPU";
            default -> number + " GPUs";
        };
    }

    private static String text(byte[] uuid) {
        ByteBuffer bytes = ByteBuffer.wrap(uuid);
        return new UUID(bytes.getLong(), bytes.getLong()).toString();
    }
}
