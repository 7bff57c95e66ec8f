package io.nowcast.security;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A client of the file of keys, without its key.
 *
 * @param name of the client
 * @param scopes what it may do
 * @param until when its key ends
 */
record ApiKey(String name, Set<AccessScope> scopes, Optional<Instant> until) {

    boolean isValidAt(Instant now) {
        return until.map(now::isBefore).orElse(true);
    }
}
