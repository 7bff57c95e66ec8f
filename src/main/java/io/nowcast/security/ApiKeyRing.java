package io.nowcast.security;

import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The keys that are in force; immutable.
 *
 * <p>A key that is presented is compared with every one, each comparison looking at all bytes, and
 * without an end at the first that fits: how long a refusal takes tells nothing of how near the key
 * was, or whether it is one that has ended.
 */
final class ApiKeyRing {

    private final List<ApiKey> keys;
    private final byte[][] hashes;

    /**
     * Makes a ring; keys and hashes belong together by their places.
     *
     * @param hashes of 32 bytes each
     */
    ApiKeyRing(List<ApiKey> keys, byte[][] hashes) {
        this.keys = List.copyOf(keys);
        this.hashes = Arrays.stream(hashes).map(byte[]::clone).toArray(byte[][]::new);
    }

    int size() {
        return keys.size();
    }

    /** Whose key this is, if it is one and has not ended. */
    Optional<ApiKey> find(String presented, Instant now) {
        byte[] hash = KeyHash.of(presented);
        int place = -1;
        for (int index = 0; index < hashes.length; index++) {
            place = MessageDigest.isEqual(hashes[index], hash) ? index : place;
        }
        return place < 0
                ? Optional.empty()
                : Optional.of(keys.get(place)).filter(key -> key.isValidAt(now));
    }
}
