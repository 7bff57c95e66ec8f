package io.nowcast.engine;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import io.nowcast.model.ModelException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Makes of a failure of the engine what the owner of a model must know: whether a smaller call may
 * succeed, or none will. Called on the thread that owns the model, after the tensors of the failed
 * call were freed.
 */
final class EngineFaults {

    private static final Pattern ERROR_LINE = Pattern.compile("\\w+(?:Error|Exception): .*");

    private final boolean cuda;
    private final DeviceAccess device;

    EngineFaults(boolean cuda, DeviceAccess device) {
        this.cuda = cuda;
        this.device = device;
    }

    static EngineFaults on(Device device) {
        return new EngineFaults(device.isGpu(), new DjlDeviceAccess(device));
    }

    /**
     * The exception to throw.
     *
     * @param what what failed, the start of the message
     * @param failure an exception of the engine, or an {@link OutOfMemoryError}
     */
    ModelException explain(String what, Throwable failure) {
        String message = what + ": " + reason(failure);
        return switch (EngineFault.of(failure)) {
            case OUT_OF_MEMORY -> outOfMemory(message, failure);
            case DEVICE_LOST ->
                    cuda
                            ? new ModelException.DeviceLost(message, failure)
                            : new ModelException(message, failure);
            case OTHER -> other(message, failure);
        };
    }

    /**
     * PyTorch keeps freed memory in blocks of the sizes of past calls: smaller ones need others.
     */
    private ModelException outOfMemory(String message, Throwable failure) {
        if (cuda && failure instanceof EngineException) {
            try {
                device.releaseCachedMemory();
            } catch (EngineException second) {
                failure.addSuppressed(second);
                if (EngineFault.of(second) == EngineFault.DEVICE_LOST) {
                    return lost(message, failure, second);
                }
            }
        }
        return new ModelException.OutOfMemory(message, failure);
    }

    /**
     * Libraries on top of CUDA hide a lost device behind texts of their own, such as
     * CUDNN_STATUS_EXECUTION_FAILED: so the device is asked.
     */
    private ModelException other(String message, Throwable failure) {
        if (cuda) {
            try {
                device.touch();
            } catch (EngineException second) {
                failure.addSuppressed(second);
                if (EngineFault.of(second) == EngineFault.DEVICE_LOST) {
                    return lost(message, failure, second);
                }
            }
        }
        return new ModelException(message, failure);
    }

    private static ModelException lost(String message, Throwable failure, Throwable second) {
        return new ModelException.DeviceLost(
                "%s; after that the device answers: %s".formatted(message, reason(second)),
                failure);
    }

    /** The line that says what happened; the interpreter's messages begin with where. */
    static String reason(Throwable failure) {
        if (failure instanceof OutOfMemoryError) {
            return "the service is out of memory: " + failure.getMessage();
        }
        List<String> lines = String.valueOf(failure.getMessage()).lines().toList();
        return lines.reversed().stream()
                .filter(line -> ERROR_LINE.matcher(line).matches())
                .findFirst()
                .or(() -> lines.stream().findFirst())
                .orElse("it does not say why");
    }
}
