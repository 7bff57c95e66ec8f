package io.nowcast.model;

/**
 * A model that cannot be loaded or run. The message says why, in words for the person who put it
 * there.
 */
public sealed class ModelException extends RuntimeException {

    public ModelException(String message) {
        super(message);
    }

    public ModelException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * The device had too little memory for this call. It is as good as before; a smaller call may
     * succeed.
     */
    public static final class OutOfMemory extends ModelException {
        public OutOfMemory(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * The device is lost to this process: every later call on it will fail too. Only a restart of
     * the process brings it back.
     */
    public static final class DeviceLost extends ModelException {
        public DeviceLost(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
