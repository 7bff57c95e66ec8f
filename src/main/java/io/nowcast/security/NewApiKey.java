package io.nowcast.security;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * A key that was just made, and the line of it for the file of keys. The key itself is kept
 * nowhere.
 *
 * @param key what the client sends
 * @param line what the file has
 */
public record NewApiKey(String key, String line) {

    /** Lets people and scanners of repositories see what it is. */
    private static final String PREFIX = "nowcast_";

    private static final int RANDOM_BYTES = 32;

    /**
     * Makes a key of 256 random bits.
     *
     * @param until a day such as 2027-01-01 or an instant
     * @throws IllegalArgumentException if the file could not have it so
     */
    public static NewApiKey make(String name, Set<AccessScope> scopes, Optional<String> until) {
        return make(name, scopes, until, new SecureRandom());
    }

    static NewApiKey make(
            String name, Set<AccessScope> scopes, Optional<String> until, RandomGenerator random) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        String key = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        String words =
                scopes.stream().sorted().map(AccessScope::word).collect(Collectors.joining(","));
        String line =
                "%s %s %s%s"
                        .formatted(
                                name,
                                KeyHash.text(KeyHash.of(key)),
                                words,
                                until.map(end -> " " + end).orElse(""));
        try {
            ApiKeyFile.parse(line);
        } catch (KeyFileException.ApiKeys problem) {
            throw new IllegalArgumentException(problem.getMessage(), problem);
        }
        return new NewApiKey(key, line);
    }

    /** Without the key: a record's own would put it in whatever log it is passed to. */
    @Override
    public String toString() {
        return line;
    }
}
