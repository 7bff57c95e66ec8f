package io.nowcast.security;

/** Is told who was let in and who was not; implementations are quick and never throw. */
public interface AccessListener {

    /** A request was refused. */
    void refused(Reason reason);

    /**
     * The file of keys was read, or could not be.
     *
     * @param keys keys that are in force now
     * @param broken whether the file is unusable and they are those of an earlier one
     */
    void keysRead(int keys, boolean broken);

    /** Why a request was refused. */
    enum Reason {
        UNAUTHENTICATED,
        FORBIDDEN,
        QUOTA
    }
}
