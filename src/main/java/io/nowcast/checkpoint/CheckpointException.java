package io.nowcast.checkpoint;

/**
 * A checkpoint that is refused. The message says what was expected, what came instead and where: a
 * byte offset, an archive entry or a key.
 */
public abstract sealed class CheckpointException extends RuntimeException {

    /** Messages quote names from the file, which may be of any length. */
    private static final int LONGEST_MESSAGE = 2_000;

    private CheckpointException(String message) {
        super(
                message.length() <= LONGEST_MESSAGE
                        ? message
                        : message.substring(0, LONGEST_MESSAGE) + "...");
    }

    /** The file cannot be opened or read. */
    public static final class Unreadable extends CheckpointException {
        Unreadable(String message) {
            super(message);
        }

        Unreadable(String message, Throwable cause) {
            super(message);
            initCause(cause);
        }
    }

    /** The bytes contradict their own format: damaged, truncated or forged. */
    public static final class Malformed extends CheckpointException {
        Malformed(String message) {
            super(message);
        }
    }

    /** The file names code that is not on the allow-list. Nothing was run. */
    public static final class Forbidden extends CheckpointException {
        Forbidden(String message) {
            super(message);
        }
    }

    /** The file may be sound, but holds no weights that can be told apart without guessing. */
    public static final class Unsupported extends CheckpointException {
        Unsupported(String message) {
            super(message);
        }
    }
}
