package io.nowcast.codec;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nowcast.testing.ZipFile;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostileZipTest {

    /** Offsets from the start of an entry of the central directory (APPNOTE.TXT 4.3.12). */
    private static final int FLAGS = 8;

    private static final int METHOD = 10;
    private static final int EXPANDED_SIZE = 24;
    private static final int HEADER_OFFSET = 42;

    @Test
    void anHonestBombIsTooLarge() {
        byte[] bomb = ZipFile.deflated(Map.of("frames.npy", new byte[2 << 20]));

        assertThatThrownBy(() -> Fixtures.decode(bomb))
                .isInstanceOf(BodyTooLargeException.class)
                .hasMessage(
                        "body: entry frames.npy expands to 2097152 bytes, those before it to 0; the limit is 1048576");
    }

    @Test
    void entriesCountTogether() {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("f1.png", new byte[600_000]);
        entries.put("f2.png", new byte[600_000]);

        assertThatThrownBy(() -> Fixtures.decode(ZipFile.deflated(entries)))
                .isInstanceOf(BodyTooLargeException.class)
                .hasMessageContaining(
                        "entry f2.png expands to 600000 bytes, those before it to 600000");
    }

    @Test
    void aBombThatHidesItsSizeIsNotInflatedBeyondIt() {
        byte[] bomb = ZipFile.deflated(Map.of("frames.npy", new byte[2 << 20]));
        putInt(bomb, directory(bomb) + EXPANDED_SIZE, 1000);

        assertThatThrownBy(() -> Fixtures.decode(bomb))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessage("body: entry frames.npy: declared as 1000 bytes but inflates to more");
    }

    @Test
    void aSizeThatDeflateCannotReachIsNotAllocated() {
        byte[] archive = ZipFile.deflated(Map.of("frames.npy", new byte[10]));
        putInt(archive, directory(archive) + EXPANDED_SIZE, 1_000_000);

        assertThatThrownBy(() -> Fixtures.decode(archive))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessageContaining("bytes cannot inflate to 1000000 bytes");
    }

    @Test
    void tooManyEntries() {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (int i = 0; i < 33; i++) {
            entries.put(i + ".png", new byte[0]);
        }

        assertThatThrownBy(() -> Fixtures.decode(ZipFile.deflated(entries)))
                .isInstanceOf(BodyTooLargeException.class)
                .hasMessage("body: 33 archive entries, the limit is 32");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x.npy", "/etc/x.npy", "a/../../x.npy", "..\\x.npy", "C:\\x.npy"})
    void namesOutsideTheArchive(String name) {
        assertThatThrownBy(() -> open(ZipFile.deflated(Map.of(name, new byte[1]))))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessage("body: entry \"%s\" is named outside the archive", name);
    }

    @Test
    void duplicateNames() {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("a.npy", new byte[1]);
        entries.put("b.npy", new byte[1]);
        byte[] archive = ZipFile.deflated(entries);
        String text = new String(archive, StandardCharsets.ISO_8859_1);
        byte[] renamed = text.replace("b.npy", "a.npy").getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> open(renamed))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessage("body: two entries are named a.npy");
    }

    @Test
    void encryptedEntries() {
        byte[] archive = ZipFile.deflated(Map.of("frames.npy", new byte[1]));
        archive[directory(archive) + FLAGS] |= 1;

        assertThatThrownBy(() -> open(archive))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessage("body: entry frames.npy is encrypted");
    }

    @Test
    void unknownCompression() {
        byte[] archive = ZipFile.deflated(Map.of("frames.npy", new byte[1]));
        archive[directory(archive) + METHOD] = 14;

        assertThatThrownBy(() -> Fixtures.decode(archive))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessageContaining(
                        "compressed by method 14, expected stored (0) or deflated (8)");
    }

    @Test
    void anEntryElsewhere() {
        byte[] archive = ZipFile.deflated(Map.of("frames.npy", new byte[1]));
        putInt(archive, directory(archive) + HEADER_OFFSET, 7);

        assertThatThrownBy(() -> Fixtures.decode(archive))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessageContaining("entry frames.npy: expected its header at byte 7");
    }

    @Test
    void aChangedByteFailsTheChecksum() {
        byte[] archive = Fixtures.file("frames.npz");
        archive[250] ^= 1; // Within the values of frames.npy.

        assertThatThrownBy(() -> Fixtures.decode(archive))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessageContaining("does not match its checksum");
    }

    @Test
    void anArchiveWithinTheArchive() {
        byte[] archive = ZipFile.deflated(Map.of("f1.zip", Fixtures.file("grey8.zip")));

        assertThatThrownBy(() -> Fixtures.decode(archive))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessage(
                        "f1.zip: expected a PNG image (first bytes 89 'PNG'), got a ZIP archive");
    }

    private static void open(byte[] archive) {
        ZipArchive.open(Section.of("body", archive), Fixtures.LIMITS);
    }

    /** Where the central directory starts. */
    private static int directory(byte[] archive) {
        return new String(archive, StandardCharsets.ISO_8859_1).indexOf("PK\u0001\u0002");
    }

    private static void putInt(byte[] bytes, int offset, int value) {
        for (int i = 0; i < Integer.BYTES; i++) {
            bytes[offset + i] = (byte) (value >> (8 * i));
        }
    }
}
