package io.nowcast.security;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads a file of keys: a line a client of name, hash, scopes with commas between them, and
 * optionally the day or instant at which the key ends, with blanks between these. Empty lines and
 * those that begin with {@code #} say nothing. Two keys of one name are two keys of one client: so
 * one follows on the other without a gap.
 *
 * <pre>
 * radar-team  sha256:2bb8...  forecast,models:read  2027-01-01
 * </pre>
 */
final class ApiKeyFile {

    /** More clients than a file by hand will have; each costs a comparison a request. */
    static final int MOST_KEYS = 4096;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private final List<ApiKey> keys = new ArrayList<>();
    private final List<byte[]> hashes = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();

    private ApiKeyFile() {}

    /** Whether a client may be called so. */
    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /**
     * Reads a file's text.
     *
     * @throws KeyFileException.ApiKeys if a line is wrong, with its number and never with its
     *     contents: someone may have put a key where the hash belongs
     */
    static ApiKeyRing parse(String text) {
        ApiKeyFile file = new ApiKeyFile();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (!line.isBlank() && !line.strip().startsWith("#")) {
                file.add(line.strip(), number);
            }
        }
        return new ApiKeyRing(file.keys, file.hashes.toArray(byte[][]::new));
    }

    private void add(String line, int number) {
        String[] fields = BLANKS.split(line, -1);
        if (fields.length < 3 || fields.length > 4) {
            throw wrong(
                    number,
                    "has %d fields; expected name, hash, scopes and, if it ends, an instant"
                            .formatted(fields.length));
        }
        if (!isName(fields[0])) {
            throw wrong(
                    number,
                    "has a name that is not of 1 to 64 letters, digits, '.', '_', '@' or '-'");
        }
        if (!KeyHash.isText(fields[1])) {
            throw wrong(
                    number,
                    "has no hash; expected 'sha256:' and 64 hexadecimal digits in lower case");
        }
        if (!seen.add(fields[1])) {
            throw wrong(number, "has a hash that is in the file already");
        }
        if (keys.size() == MOST_KEYS) {
            throw wrong(
                    number, "is one key more than the %d that there may be".formatted(MOST_KEYS));
        }
        Optional<Instant> until =
                fields.length == 4 ? Optional.of(until(fields[3], number)) : Optional.empty();
        keys.add(new ApiKey(fields[0], scopes(fields[2], number), until));
        hashes.add(KeyHash.parse(fields[1]));
    }

    private static Set<AccessScope> scopes(String words, int number) {
        Set<AccessScope> scopes = EnumSet.noneOf(AccessScope.class);
        for (String word : words.split(",", -1)) {
            scopes.add(
                    AccessScope.of(word)
                            .orElseThrow(() ->
                                    wrong(
                                            number,
                                            "has a scope that there is not; there are "
                                                    + AccessScope.words())));
        }
        return scopes;
    }

    private static Instant until(String text, int number) {
        return parseUntil(text)
                .orElseThrow(() ->
                        wrong(
                                number,
                                "ends at no day or instant; expected such as 2027-01-01 or 2027-01-01T06:00:00Z"));
    }

    /** A day, meaning its beginning in UTC, or an instant. */
    static Optional<Instant> parseUntil(String text) {
        try {
            return Optional.of(
                    text.contains("T")
                            ? Instant.parse(text)
                            : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant());
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    private static KeyFileException.ApiKeys wrong(int line, String problem) {
        return new KeyFileException.ApiKeys("line %d %s".formatted(line, problem));
    }
}
