package io.nowcast.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The file of keys: what it may say, and what happens when it changes. */
@ExtendWith(OutputCaptureExtension.class)
class ApiKeysTest {

    /** {@code printf abc | sha256sum}, which FIPS 180-2 gives as its example. */
    private static final String ABC =
            "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    @TempDir private Path folder;

    private final Notes notes = new Notes();
    private Path file = Path.of("");
    private ApiKeys keys = keys();

    @BeforeEach
    void makeFile() {
        file = folder.resolve("keys");
        keys = keys();
    }

    private ApiKeys keys() {
        return new ApiKeys(file, Clock.fixed(NOW, ZoneOffset.UTC), notes);
    }

    private void write(String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException problem) {
            throw new IllegalStateException(problem);
        }
    }

    private Optional<String> nameOf(String key) {
        return keys.find(key).map(ApiKey::name);
    }

    @Test
    void aKeyIsKnownByItsHash() {
        write("# clients\n\n  radar-team  " + ABC + " forecast,models:read \r\n");
        keys.start();

        ApiKey client = keys.find("abc").orElseThrow();
        assertThat(client.name()).isEqualTo("radar-team");
        assertThat(client.scopes())
                .containsExactlyInAnyOrder(AccessScope.FORECAST, AccessScope.MODELS_READ);
        assertThat(keys.find("abd")).isEmpty();
        assertThat(keys.find("")).isEmpty();
        assertThat(keys.find(ABC)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-24T12:00:01Z, true",
        "2026-11-24T12:00:00Z, false",
        "2026-11-25, true",
        "2026-11-24, false"
    })
    void aKeyEnds(String until, boolean inForce) {
        write("a " + ABC + " forecast " + until);
        keys.start();

        assertThat(nameOf("abc").isPresent()).isEqualTo(inForce);
    }

    @Test
    void aClientHasTwoKeysWhileOneFollowsOnTheOther() {
        NewApiKey next = NewApiKey.make("a", EnumSet.of(AccessScope.FORECAST), Optional.empty());
        write("a " + ABC + " forecast");
        keys.start();

        write("a " + ABC + " forecast\n" + next.line());
        keys.refresh();
        assertThat(nameOf("abc")).contains("a");
        assertThat(nameOf(next.key())).contains("a");

        write(next.line());
        keys.refresh();
        assertThat(nameOf("abc")).isEmpty();
        assertThat(nameOf(next.key())).contains("a");
    }

    @Test
    void aBrokenFileLeavesTheKeysAndSaysSoOnce(CapturedOutput output) throws IOException {
        write("a " + ABC + " forecast");
        keys.start();
        assertThat(notes.all).containsExactly("1 keys");

        write("a my-secret-key forecast");
        keys.refresh();
        keys.refresh();
        assertThat(nameOf("abc")).contains("a");
        assertThat(notes.all).endsWith("1 keys, broken");
        assertThat(output.getAll().split("cannot be used", -1)).hasSize(2);
        assertThat(output).contains("line 1").doesNotContain("my-secret-key");

        Files.delete(file);
        keys.refresh();
        assertThat(nameOf("abc")).contains("a");

        write("a " + ABC + " forecast");
        keys.refresh();
        assertThat(nameOf("abc")).contains("a");
        assertThat(notes.all).endsWith("1 keys");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a forecast | has 2 fields",
                "a HASH forecast 2027-01-01 more | has 5 fields",
                "-a HASH forecast | name",
                "a sha256:12 forecast | hash",
                "a SHA256:00 forecast | hash",
                "a HASH forecasts | scope",
                "a HASH forecast, | scope",
                "a HASH forecast tomorrow | ends at",
                "a HASH forecast 2027-13-01 | ends at",
                "# nobody | no key"
            })
    void aFileThatIsWrongIsNoStart(String line, String problem) {
        write("\n" + line.replace("HASH", ABC));

        assertThatThrownBy(keys::start)
                .isInstanceOf(KeyFileException.ApiKeys.class)
                .hasMessageContaining(problem)
                .hasMessageContaining(file.toString());
    }

    @Test
    void thereIsNoStartWithoutAFileNorWithOneKeyTwice() {
        assertThatThrownBy(keys::start).hasMessageContaining("cannot be read");
        write("a " + ABC + " forecast\nb " + ABC + " admin");
        assertThatThrownBy(keys::start)
                .hasMessageContaining("line 2")
                .hasMessageContaining("already");
    }

    @Test
    void newKeysAreLongDifferentAndKeptNowhere() {
        NewApiKey one =
                NewApiKey.make("a", EnumSet.of(AccessScope.ADMIN), Optional.of("2027-01-01"));
        NewApiKey other = NewApiKey.make("a", EnumSet.of(AccessScope.ADMIN), Optional.empty());

        // 32 bytes are 43 digits of base64.
        assertThat(one.key()).matches("nowcast_[A-Za-z0-9_-]{43}").isNotEqualTo(other.key());
        assertThat(one.line()).matches("a sha256:[0-9a-f]{64} admin 2027-01-01");
        assertThat(one.toString()).doesNotContain(one.key());
        assertThatThrownBy(() ->
                        NewApiKey.make("no name", EnumSet.of(AccessScope.ADMIN), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Comparisons that end at the first difference would tell how near a key was. */
    @Test
    void keysAreComparedInConstantTimeAndInNoOtherWay() {
        var classes = new ClassFileImporter().importClasses(ApiKeyRing.class);

        ArchRuleDefinition.classes()
                .should()
                .callMethod(MessageDigest.class, "isEqual", byte[].class, byte[].class)
                .check(classes);
        ArchRuleDefinition.noClasses()
                .should()
                .callMethod(Arrays.class, "equals", byte[].class, byte[].class)
                .check(classes);
        ArchRuleDefinition.noClasses()
                .should()
                .callMethod(String.class, "equals", Object.class)
                .check(classes);
    }

    private static final class Notes implements AccessListener {

        private final List<String> all = new ArrayList<>();

        @Override
        public void refused(Reason reason) {
            all.add(reason.toString());
        }

        @Override
        public void keysRead(int keys, boolean broken) {
            all.add(keys + " keys" + (broken ? ", broken" : ""));
        }
    }
}
