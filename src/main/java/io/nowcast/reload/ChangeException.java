package io.nowcast.reload;

/** Why a model was not changed; what was served before is served on. */
public abstract sealed class ChangeException extends RuntimeException {

    private ChangeException(String message) {
        super(message);
    }

    private ChangeException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Neither is a model of this name served, nor is there a folder of it. */
    public static final class Unknown extends ChangeException {
        Unknown(String message) {
            super(message);
        }
    }

    /** It cannot be done as things are: another change is under way, or there is no way back. */
    public static final class NotNow extends ChangeException {
        NotNow(String message) {
            super(message);
        }
    }

    /** What was to be served is bad. */
    public static final class Refused extends ChangeException {
        Refused(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
