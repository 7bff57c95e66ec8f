package io.nowcast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.nowcast.testing.ZipFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Small files that would take far more memory or time than they have bytes. */
class HostileRadarFilesTest {

    private static final int BYTE = 1;
    private static final int ASCII = 2;
    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final int FLOAT = 11;

    /** A fraction of what each of these files took before it was bounded. */
    private static final long LITTLE = 8L << 20;

    private static long allocated(ThrowingCallable call) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThatThrownBy(call).isInstanceOf(CodecException.class);
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    /** A tag whose value stands in its entry, or its offset does. */
    private record Tag(int number, int type, int count, int value) {}

    private static byte[] tiff(List<Tag> tags, byte[] content) {
        int start = 8 + 2 + tags.size() * 12 + 4;
        ByteBuffer file =
                ByteBuffer.allocate(start + content.length).order(ByteOrder.LITTLE_ENDIAN);
        file.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(8);
        file.putShort((short) tags.size());
        for (Tag tag : tags) {
            file.putShort((short) tag.number).putShort((short) tag.type);
            file.putInt(tag.count).putInt(tag.value);
        }
        file.putInt(0).put(content);
        return file.array();
    }

    /** Each of them as large as the file. */
    @ParameterizedTest
    @ValueSource(ints = {50_000, 33_550})
    void tagsThatShareTheirBytesAreNotKept(int first) {
        List<Tag> tags = new ArrayList<>();
        for (int index = 0; index < 8000; index++) {
            tags.add(new Tag(first == 50_000 ? first + index : first, BYTE, 90_000, 0));
        }
        byte[] file = tiff(tags, new byte[0]);

        assertThat(allocated(() -> Fixtures.decode(file))).isLessThan(LITTLE);
    }

    @Test
    void aWidthThatIsNoNumberIsDamage() {
        byte[] file =
                tiff(
                        List.of(
                                new Tag(256, FLOAT, 1, Float.floatToIntBits(Float.NaN)),
                                new Tag(257, LONG, 1, 4),
                                new Tag(258, LONG, 1, 8)),
                        new byte[0]);

        assertThatThrownBy(() -> Fixtures.decode(file))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessageContaining("an image of");
    }

    /** By TIFF 6.0 integers are unsigned unless SampleFormat says otherwise. */
    @ParameterizedTest
    @CsvSource({
        "32, 1, 4294967295, ff ff ff ff fe ff ff ff 05 00 00 00, 4294967294",
        "8, 2, -128, 80 ff 05, -1",
        "8, 1, 128, 80 ff 05, 255"
    })
    void integersAreWhatTheirSampleFormatSays(
            int bits, int format, String missing, String pixels, double second) {
        byte[] nodata = (missing + "\0").getBytes(StandardCharsets.US_ASCII);
        String[] codes = pixels.split(" ", -1);
        int tags = 11;
        int start = 8 + 2 + tags * 12 + 4;
        ByteBuffer content = ByteBuffer.allocate(nodata.length + codes.length);
        content.put(nodata);
        for (String code : codes) {
            content.put((byte) Integer.parseInt(code, 16));
        }
        boolean inside = nodata.length <= 4;
        byte[] file =
                tiff(
                        List.of(
                                new Tag(256, LONG, 1, 3),
                                new Tag(257, LONG, 1, 1),
                                new Tag(258, SHORT, 1, bits),
                                new Tag(259, SHORT, 1, 1),
                                new Tag(262, SHORT, 1, 1),
                                new Tag(273, LONG, 1, start + nodata.length),
                                new Tag(277, SHORT, 1, 1),
                                new Tag(278, LONG, 1, 1),
                                new Tag(279, LONG, 1, codes.length),
                                new Tag(339, SHORT, 1, format),
                                new Tag(
                                        42_113,
                                        ASCII,
                                        nodata.length,
                                        inside
                                                ? ByteBuffer.wrap(Arrays.copyOf(nodata, 4))
                                                        .order(ByteOrder.LITTLE_ENDIAN)
                                                        .getInt()
                                                : start)),
                        content.array());

        assertThat(Fixtures.decode(file).sequences().getFirst().values())
                .containsExactly(Float.NaN, (float) second, 5);
    }

    @Test
    void packedFilesHaveOneLimitTogether() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (int index = 0; index < 9; index++) {
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(file)) {
                gzip.write("P5 256 256 65535\n".getBytes(StandardCharsets.US_ASCII));
                gzip.write(new byte[2 * 256 * 256]);
            }
            files.put(index + ".pgm.gz", file.toByteArray());
        }

        assertThatThrownBy(() -> Fixtures.decode(ZipFile.stored(files)))
                .isInstanceOf(BodyTooLargeException.class)
                .hasMessageContaining("7.pgm.gz expands to more than");
    }

    /** A buffer over a file of NetCDF, behind its magic number. */
    private static ByteBuffer begun(byte[] file, int version) {
        return ByteBuffer.wrap(file).put(new byte[] {'C', 'D', 'F', (byte) version});
    }

    private static byte[] netcdfAttributes(int attributes, int values) {
        byte[] bytes = new byte[32 + attributes * (16 + values)];
        ByteBuffer file = begun(bytes, 1);
        file.putInt(0).putLong(0);
        file.putInt(NetcdfFile.ATTRIBUTES).putInt(attributes);
        for (int index = 0; index < attributes; index++) {
            file.putInt(4).putInt(index).putInt(BYTE).putInt(values);
            file.position(file.position() + values);
        }
        return bytes;
    }

    @Test
    void aLongAttributeOfNetcdfIsLeftOut() {
        byte[] file = netcdfAttributes(1, 4 << 20);

        assertThat(allocated(() -> Fixtures.decode(file))).isLessThan(LITTLE);
    }

    @Test
    void attributesOfNetcdfAreBoundedTogether() {
        assertThatThrownBy(() -> Fixtures.decode(netcdfAttributes(20, 1 << 16)))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessageContaining("attributes hold more than 1048576 numbers");
    }

    @Test
    void anEndlessHeaderOfNetcdfIsRefused() {
        byte[] bytes = new byte[16 + 8 * 70_000];
        ByteBuffer file = begun(bytes, 1);
        file.putInt(0).putInt(NetcdfFile.DIMENSIONS).putInt(70_000);

        assertThatThrownBy(() -> Fixtures.decode(bytes))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessageContaining("more than 65536 dimensions");
    }

    /** Two of them would have a positive product. */
    @Test
    void aNegativeDimensionIsDamage() {
        byte[] bytes = new byte[64];
        ByteBuffer file = begun(bytes, 5);
        file.putLong(0).putInt(NetcdfFile.DIMENSIONS).putLong(1);
        file.putLong(4).putInt(0).putLong(-4);

        assertThatThrownBy(() -> Fixtures.decode(bytes))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessageContaining("a dimension of -4");
    }

    /** Seven rows of nine pixels in chunks of a row of 262,144: each would be inflated. */
    @Test
    void chunksFarLargerThanTheirDatasetAreBounded() {
        assertThatThrownBy(() -> Fixtures.decode(Fixtures.file("large_chunks.h5")))
                .isInstanceOf(BodyTooLargeException.class)
                .hasMessageContaining("its chunks");
    }

    /** Each file for itself expands to less than the limit of 1 MiB. */
    @Test
    void chunksFarLargerThanTheirDatasetsAreBoundedTogether() {
        byte[] file = Fixtures.file("padded_chunks.h5");

        assertThat(Fixtures.decode(file).sequences()).hasSize(1);
        assertThatThrownBy(
                        () -> Fixtures.decode(ZipFile.stored(Map.of("1.h5", file, "2.h5", file))))
                .isInstanceOf(BodyTooLargeException.class)
                .hasMessageContaining("its chunks: 1835008 bytes, the limit is 1048576");
    }

    /** Of 1024x1024 pixels each is a chunk, of which the library makes an object. */
    @Test
    void chunksWithoutEndAreRefusedBeforeTheyAreListed() {
        FrameCodec codec = new FrameCodec(new CodecLimits(64 << 20, 64, 8, 1 << 20, 32));
        byte[] file = Fixtures.file("many_chunks.h5");

        assertThatThrownBy(() -> codec.decode(file, Fixtures.PLAIN))
                .isInstanceOf(BodyTooLargeException.class)
                .hasMessageContaining("1048576 chunks, the limit is 262144");
    }

    /** The library would find the only chunk 320 billion times. */
    @Test
    @Timeout(60)
    void aTreeWhoseBranchesAreTheSameIsRefused() {
        byte[] file = Fixtures.file("tree_without_end.h5");

        assertThatThrownBy(() -> Fixtures.decode(file))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessageContaining("refer to the same bytes again and again");
    }

    /** The library would allocate a list of 1.9 billion chunks, and the process end for it. */
    @Test
    void aTableThatClaimsMoreThanTheFileHasIsRefused() {
        byte[] file = Fixtures.file("table_that_claims.h5");

        assertThat(allocated(() -> Fixtures.decode(file))).isLessThan(LITTLE);
        assertThatThrownBy(() -> Fixtures.decode(file))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessageContaining("a table of 1879048192 entries");
    }

    /** The library would make each of 3,800 strings anew, which are the same 8 KiB. */
    @Test
    void anAttributeThatIsAnArrayOfStringsIsLeftOut() {
        byte[] file = Fixtures.file("shared_string.h5");

        assertThat(allocated(() -> Fixtures.decode(file))).isLessThan(LITTLE);
    }

    /** Both axes of the variable are that of the records. */
    @Test
    void aNegativeNumberOfRecordsIsDamage() {
        byte[] bytes = new byte[256];
        ByteBuffer file = begun(bytes, 5);
        file.putLong(-4).putInt(NetcdfFile.DIMENSIONS).putLong(1);
        file.putLong(1).put(new byte[] {'t', 0, 0, 0}).putLong(0);
        file.putInt(0).putLong(0);
        file.putInt(NetcdfFile.VARIABLES).putLong(1);
        file.putLong(1).put(new byte[] {'r', 0, 0, 0}).putLong(2).putLong(0).putLong(0);
        file.putInt(NetcdfFile.ATTRIBUTES).putLong(1);
        file.putLong(5).put("units\0\0\0".getBytes(StandardCharsets.US_ASCII));
        file.putInt(NetcdfFile.CHAR).putLong(4);
        file.put("mm/h".getBytes(StandardCharsets.US_ASCII));
        file.putInt(NetcdfFile.FLOAT).putLong(64).putLong(192);

        assertThatThrownBy(() -> Fixtures.decode(bytes))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessageContaining("-4 records");
    }

    /** Each key becomes an object that is kept until the last file has told its grid. */
    @Test
    void geoKeysWithoutEndAreRefused() {
        int keys = 1 << 19;
        int tags = 6;
        int start = 8 + 2 + tags * 12 + 4;
        byte[] file =
                tiff(
                        List.of(
                                new Tag(256, LONG, 1, 3),
                                new Tag(257, LONG, 1, 1),
                                new Tag(258, SHORT, 1, 8),
                                new Tag(33_550, BYTE, 3, start),
                                new Tag(33_922, BYTE, 6, start),
                                new Tag(34_735, BYTE, keys, start)),
                        new byte[keys]);

        assertThatThrownBy(() -> Fixtures.decode(file))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessageContaining("tag 34735 has 524288 values, the limit is 4096");
    }
}
