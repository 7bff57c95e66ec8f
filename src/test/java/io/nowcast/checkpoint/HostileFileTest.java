package io.nowcast.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.nowcast.testing.ZipFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are cut short, damaged or forged around the pickle. */
@Timeout(60)
class HostileFileTest {

    private static final long[] FOUR = {4};
    private static final long[] ONE = {1};

    /** A byte of the file is a float32 here; nothing of it is read. */
    @Test
    void moreTensorsThanTheHeapHoldsAreRefused(@TempDir Path folder) throws IOException {
        long heap = Runtime.getRuntime().maxMemory();
        int tensors = 64;
        long each = heap / Float.BYTES / tensors + 1;
        StringJoiner header = new StringJoiner(",", "{", "}");
        for (int tensor = 0; tensor < tensors; tensor++) {
            header.add(
                    "\"w%d\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[%d,%d]}"
                            .formatted(tensor, each, tensor * each, (tensor + 1) * each));
        }
        Path file = sparse(folder, header.toString(), tensors * each);

        assertThatThrownBy(() -> CheckpointReader.read(file))
                .isInstanceOf(CheckpointException.Unsupported.class)
                .hasMessageContaining("%d values".formatted(tensors * each))
                .hasMessageContaining("the heap has only %d MB".formatted(heap >> 20));
    }

    @Test
    void aTensorLargerThanAnArrayIsRefusedWithItsSizeAndTheLimit(@TempDir Path folder)
            throws IOException {
        long values = 3_000_000_000L;
        Path file =
                sparse(
                        folder,
                        "{\"w\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[0,%d]}}"
                                .formatted(values, values),
                        values);

        assertThatThrownBy(() -> CheckpointReader.read(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("[3000000000], which exceeds the 2147483639 values");
    }

    /** A file of safetensors whose data are a hole. */
    private static Path sparse(Path folder, String header, long data) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        Path file = folder.resolve("large.safetensors");
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.SPARSE)) {
            channel.write(
                    ByteBuffer.allocate(Long.BYTES + json.length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(json.length)
                            .put(json)
                            .flip());
            channel.write(ByteBuffer.allocate(1), Long.BYTES + json.length + data - 1);
        }
        return file;
    }

    @ParameterizedTest
    @ValueSource(strings = {"zip.bin", "legacy.bin", "kinds.safetensors", "rezipped.bin"})
    void truncationAtEveryByteIsRefused(String name) {
        byte[] whole = Fixtures.bytes(name);
        for (int length = 0; length < whole.length; length++) {
            MemorySegment file = memory(Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> CheckpointReader.read(file))
                    .as("the first %d bytes", length)
                    .isInstanceOf(CheckpointException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zip.bin", "legacy.bin", "kinds.safetensors", "rezipped.bin"})
    void anyDamagedByteIsReadOrRefusedButNothingElse(String name) {
        byte[] bytes = Fixtures.bytes(name);
        for (int at = 0; at < bytes.length; at++) {
            byte original = bytes[at];
            int flip = at % 2 == 0 ? 0xff : 1 << (at % 8);
            bytes[at] = (byte) (original ^ flip);
            MemorySegment file = memory(bytes);
            Throwable thrown = catchThrowable(() -> CheckpointReader.read(file));
            if (thrown != null) {
                assertThat(thrown)
                        .as("byte %d xor %d", at, flip)
                        .isInstanceOf(CheckpointException.class);
            }
            bytes[at] = original;
        }
    }

    @Test
    void damagedProgramsAreReadOrRefusedButNothingElse() {
        byte[] bytes = Fixtures.bytes("scripted.bin");
        for (int at = 0; at < bytes.length; at++) {
            byte original = bytes[at];
            bytes[at] = (byte) ~original;
            MemorySegment file = memory(bytes);
            Throwable thrown = catchThrowable(() -> TorchScriptSignature.read(file));
            if (thrown != null) {
                assertThat(thrown).as("byte %d", at).isInstanceOf(CheckpointException.class);
            }
            bytes[at] = original;
        }
    }

    @Test
    void aSoundForgeryIsRead() throws IOException {
        assertThat(CheckpointReader.read(memory(zip(weights(4, FOUR, ONE), 16))).tensors())
                .containsOnlyKeys("weight");
    }

    @Test
    void storagesMustHaveTheDeclaredSize() throws IOException {
        assertRefused(zip(weights(4, FOUR, ONE), 15), "entry data/0: expected 4 elements");
        assertRefused(zip(weights(4, FOUR, ONE), 17), "got 17 bytes");
        assertRefused(zip(weights("1", 4, FOUR, ONE), 16), "no entry 'archive/data/1'");
    }

    @Test
    void tensorsMayNotOutgrowTheFile() throws IOException {
        assertRefused(
                zip(weights(4, new long[] {1 << 30}, new long[] {0}), 16),
                "the tensors have 1073741824 values, but the file only");
    }

    @Test
    void weightsAreNeverGuessed() throws IOException {
        PickleBytes two = new PickleBytes().ops("}(");
        for (String wrapper : new String[] {"state_dict", "net_param"}) {
            two.text(wrapper).ops("}").text("w").tensor("0", 4, 0, FOUR, ONE).ops("s");
        }
        assertRefused(zip(two.ops("u").stop(), 16), "2 fit, the keys are ['state_dict' (a dict)");
        assertRefused(
                zip(
                        new PickleBytes()
                                .ops("}(")
                                .text("state_dict")
                                .ops("}")
                                .text("w")
                                .ops("Nsu")
                                .stop(),
                        16),
                "'w' is None");
        assertRefused(zip(new PickleBytes().ops("]").stop(), 16), "got a sequence");
        assertRefused(zip(new PickleBytes().ops("}").stop(), 16), "0 fit");
    }

    @Test
    void codeInACheckpointIsRefusedByName() throws IOException {
        byte[] pickle =
                new PickleBytes()
                        .ops("}")
                        .text("state_dict")
                        .global("os", "system")
                        .ops("(")
                        .text("touch harmed")
                        .ops("tRs")
                        .stop();

        assertThatThrownBy(() -> CheckpointReader.read(memory(zip(pickle, 16))))
                .isInstanceOf(CheckpointException.Forbidden.class)
                .hasMessageContaining("os.system");
    }

    @Test
    void compressedTensorsAreRefused() {
        assertThatThrownBy(() -> CheckpointReader.read(Fixtures.path("deflated.bin")))
                .isInstanceOf(CheckpointException.Unsupported.class)
                .hasMessageContaining("is compressed");
    }

    @Test
    void anInflatingPickleIsRefused() throws IOException {
        byte[] zip = ZipFile.deflated(Map.of("archive/data.pkl", new byte[20_000_000]));
        assertRefused(zip, "cannot be inflated to 20000000 bytes: longer than");
        byte[] lying = zip.clone();
        ByteBuffer.wrap(lying)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(indexOf(lying, "PK\1\2") + 24, 1000);
        assertRefused(lying, "cannot be inflated to 1000 bytes");
    }

    /** Offsets: into the directory's first entry, 0x01; into the end record, 0x05. */
    @ParameterizedTest
    @CsvSource({
        "1, 8, 1, is compressed or encrypted|neither stored nor deflated",
        "1, 10, 12, neither stored nor deflated",
        "1, 20, 1, neither stored nor deflated",
        "1, 24, 9999, neither stored nor deflated",
        "1, 42, 3, expected the header of entry",
        "1, 42, 99999, refers to byte 99999",
        "1, 24, -1, more bytes",
        "5, 10, 9, expected 9 entries|do not fit",
        "5, 10, 1, expected 1 entries",
        "5, 12, 99999, more bytes",
        "5, 16, 99999, refers to byte 99999",
        "5, 16, 3, expected the signature",
        "3, 26, 2, its header says"
    })
    void directoriesThatLieAreRefused(int record, int offset, int value, String reasons)
            throws IOException {
        byte[] zip = zip(weights(4, FOUR, ONE), 16);
        int at = indexOf(zip, "PK" + (char) record + (char) (record + 1)) + offset;
        boolean wide = (record == 1 && offset >= 16) || (record == 5 && offset >= 12);
        ByteBuffer bytes = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        if (wide) {
            bytes.putInt(at, value);
        } else {
            bytes.putShort(at, (short) value);
        }

        assertThatThrownBy(() -> CheckpointReader.read(memory(zip)))
                .isInstanceOf(CheckpointException.Malformed.class)
                .message()
                .containsAnyOf(reasons.split("\\|"));
    }

    @Test
    void entriesMayNotShareBytesOrNames() throws IOException {
        byte[] zip = zip(weights(4, FOUR, ONE), 16);
        ByteBuffer bytes = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        int first = indexOf(zip, "PK\1\2");
        int pickleLength = bytes.getInt(first + 24);
        int localHeader = indexOf(zip, "PK\3\4");
        for (int field : new int[] {first + 20, first + 24, localHeader + 18, localHeader + 22}) {
            bytes.putInt(field, pickleLength + 40);
        }
        assertRefused(zip, "inside 'archive/data/0'");

        byte[] twice = zip(weights(4, FOUR, ONE), 16, "archive/data/1", "archive/data/2");
        for (int at = 0; at + 14 < twice.length; at++) {
            if (new String(twice, at, 14, StandardCharsets.US_ASCII).equals("archive/data/2")) {
                twice[at + 13] = '1';
            }
        }
        assertRefused(twice, "two entries are called 'archive/data/1'");
    }

    @Test
    void archivesMustBeOfPyTorch() throws IOException {
        byte[] document = ZipFile.stored(Map.of("word/document.xml", new byte[3]));
        assertRefused(document, "found 0");
        byte[] zip = zip(weights(4, FOUR, ONE), 16, "other/data.pkl");
        assertRefused(zip, "found 2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | 12 | describes 8 bytes",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}} | 12 | starts at byte 4",
                "{'a':{'dtype':'F32','shape':[4],'data_offsets':[0,16]}} | 12 | describes 16 bytes",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,12]}} | 12 | cannot lie in",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}} | 12 | cannot lie in",
                "{'a':{'dtype':'F32','shape':[-2,-1],'data_offsets':[0,8]}} | 8 | negative size",
                "{'a':{'dtype':'F32','shape':[4294967296,4294967296,4],'data_offsets':[0,0]}}"
                        + " | 0 | cannot lie in",
                "{'a':{'dtype':'F32','shape':[2147483648,0],'data_offsets':[0,0]}} | 0 | exceeds",
                "{'a':{'dtype':'F8_E4M3','shape':[1],'data_offsets':[0,1]}} | 1 | F8_E4M3",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0]}} | 4 | two data_offsets",
                "{'a':{'dtype':'F32','shape':[1.5],'data_offsets':[0,4]}} | 4 | integers",
                "{'a':{'dtype':'F32','shape':[99999999999999999999],'data_offsets':[0,4]}} | 4 |"
                        + " range of",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4],'x':1}} | 4 | unknown field",
                "{'a':{'dtype':'F32','shape':[1],'shape':[1]}} | 4 | Duplicate",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},"
                        + "'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | 8 | Duplicate",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},"
                        + "'b':{'dtype':'F32','shape':[1],'data_offsets':[2,6]}} | 6 | byte 2",
                "{'a':[[[[[[[]]]]]]]} | 0 | expected START_OBJECT",
                "{'__metadata__':{'a':[[[[[[[]]]]]]]}} | 0 | depth",
                "{} trailing | 0 | safetensors header",
                "{'a':{'dtype' | 0 | safetensors header",
                "{'__metadata__':{'format':'pt'}} | 0 | holds no weights"
            })
    void forgedSafetensorsAreRefused(String header, int data, String reason) {
        assertRefused(safetensors(header.replace('\'', '"'), data), reason);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1L << 62, 100_000_001, 40})
    void safetensorsHeadersBeyondTheEndAreRefused(long length) {
        byte[] file = safetensors("{}", 0);
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
        assertRefused(file, "a header of " + Long.toUnsignedString(length));
    }

    @Test
    void safetensorsOfTooManyTensorsAreRefused() {
        StringJoiner header = new StringJoiner(",", "{", "}");
        for (int i = 0; i <= 100_000; i++) {
            header.add(
                    "\"%d\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}".formatted(i));
        }

        assertRefused(safetensors(header.toString(), 0), "more than 100000 tensors");
    }

    @Test
    void piecesOfMoreThanTwoGibibytesAreRefused(@TempDir Path folder) throws IOException {
        long text = 0x9000_0000L;
        try (FileChannel sparse =
                        FileChannel.open(
                                folder.resolve("sparse"),
                                StandardOpenOption.CREATE_NEW,
                                StandardOpenOption.SPARSE,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE);
                Arena arena = Arena.ofConfined()) {
            byte[] start = new PickleBytes().raw('X').int32((int) text).stop();
            sparse.write(ByteBuffer.wrap(start));
            sparse.write(ByteBuffer.wrap(new byte[1]), start.length + text);
            MemorySegment file = sparse.map(FileChannel.MapMode.READ_ONLY, 0, sparse.size(), arena);

            assertThatThrownBy(() -> Unpickler.read(new ByteCursor(file, "data.pkl")))
                    .isInstanceOf(CheckpointException.Malformed.class)
                    .hasMessageContaining("2415919104 bytes in one piece");
            assertThatThrownBy(() -> new ZipEntryContents("version", file, true, 4).inflated())
                    .isInstanceOf(CheckpointException.Malformed.class)
                    .hasMessageContaining("'version' cannot be inflated");
        }
    }

    private static byte[] weights(long count, long[] shape, long[] strides) {
        return weights("0", count, shape, strides);
    }

    private static byte[] weights(String key, long count, long[] shape, long[] strides) {
        return new PickleBytes()
                .ops("}")
                .text("weight")
                .tensor(key, count, 0, shape, strides)
                .ops("s")
                .stop();
    }

    private static byte[] zip(byte[] pickle, int storage, String... more) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("archive/data.pkl", pickle);
        entries.put("archive/data/0", new byte[storage]);
        for (String name : more) {
            entries.put(name, new byte[4]);
        }
        return ZipFile.stored(entries);
    }

    private static byte[] safetensors(String header, int data) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        byte[] file = new byte[Long.BYTES + json.length + data];
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json);
        return file;
    }

    private static int indexOf(byte[] bytes, String ascii) {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(ascii);
    }

    private static MemorySegment memory(byte[] content) {
        return MemorySegment.ofArray(content);
    }

    private static void assertRefused(byte[] content, String reason) {
        MemorySegment file = memory(content);
        assertThatThrownBy(() -> CheckpointReader.read(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(reason);
    }
}
