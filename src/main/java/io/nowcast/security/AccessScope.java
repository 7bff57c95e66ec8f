package io.nowcast.security;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a client may do; none implies another. */
public enum AccessScope {
    /** Ask for forecasts. */
    FORECAST("forecast"),
    /** See what is served. */
    MODELS_READ("models:read"),
    /** Watch and steer the service. */
    ADMIN("admin");

    /** What Spring Security puts before the scopes of a token. */
    static final String AUTHORITY_PREFIX = "SCOPE_";

    private final String word;

    AccessScope(String word) {
        this.word = word;
    }

    /** As it stands in files of keys and in tokens. */
    public String word() {
        return word;
    }

    /** The scope of this word, if there is one. */
    public static Optional<AccessScope> of(String word) {
        return Arrays.stream(values()).filter(scope -> scope.word.equals(word)).findFirst();
    }

    /** All words, for messages. */
    public static String words() {
        return Arrays.stream(values()).map(AccessScope::word).collect(Collectors.joining(", "));
    }

    String authority() {
        return AUTHORITY_PREFIX + word;
    }
}
