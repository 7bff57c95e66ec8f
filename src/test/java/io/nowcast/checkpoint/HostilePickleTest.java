package io.nowcast.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.nowcast.checkpoint.PickledValue.Mapping;
import io.nowcast.checkpoint.PickledValue.Opaque;
import io.nowcast.checkpoint.PickledValue.Sequence;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pickles that are damaged or made to harm: refused with the reason, in bounded memory and time.
 */
@Timeout(60)
class HostilePickleTest {

    @ParameterizedTest
    @CsvSource({
        "os, system",
        "posix, system",
        "nt, system",
        "subprocess, Popen",
        "builtins, eval",
        "builtins, exec",
        "builtins, getattr",
        "__builtin__, eval",
        "functools, partial",
        "importlib, import_module",
        "torch, load",
        "torch.hub, load",
        "torch.storage, _load_from_bytes",
        "torch.jit._pickle, build_intlist",
        "torch.optim, os",
        "torch.optim.adam, torch",
        "lightning.pytorch, Trainer.fit",
        "torch.optimizer, Adam",
        "__main__, Net",
        "numpy, load",
        "'', system"
    })
    void namesOffTheListAreRefusedWhetherCalledOrNot(String module, String name) {
        String qualified = module + "." + name;
        assertForbidden(new PickleBytes().global(module, name), qualified);
        assertForbidden(
                new PickleBytes().global(module, name).ops("(").text("true").ops("tR"), qualified);
        assertForbidden(
                new PickleBytes().text(module).text(name).raw(0x93).ops(")").raw(0x81), qualified);
        assertForbidden(new PickleBytes().ops("}").global(module, name).ops("Ns"), qualified);
    }

    @Test
    void messagesQuoteNoMoreThanAnyoneReads() {
        PickleBytes pickle = new PickleBytes().text("os").text("a".repeat(1_000_000)).raw(0x93);

        assertThat(catchThrowable(() -> read(pickle)))
                .isInstanceOf(CheckpointException.Forbidden.class)
                .message()
                .hasSizeLessThan(2_100)
                .contains("names os.aaa");
    }

    @Test
    void inertClassesAreKeptAsNames() {
        PickledValue value =
                read(
                        new PickleBytes()
                                .global("torch.optim.adam", "Adam")
                                .ops(")")
                                .raw(0x81)
                                .ops("}(")
                                .text("lr")
                                .ops("Nub"));

        assertThat(value).isEqualTo(new Opaque("torch.optim.adam.Adam"));
    }

    @Test
    void onlyContainersAndInertClassesCanBeCalledOrFilled() {
        assertForbidden(new PickleBytes().global("torch", "FloatStorage").ops(")R"), "calls");
        assertForbidden(new PickleBytes().text("os.system").ops(")R"), "calls a string");
        assertForbidden(
                new PickleBytes().tensor("0", 1, 0, new long[] {1}, new long[] {1}).ops("}b"),
                "sets attributes of a tensor");
        assertMalformed(new PickleBytes().ops("NNa"), "appends to None");
        assertMalformed(new PickleBytes().ops("](NNu"), "sets items of a sequence");
        assertMalformed(new PickleBytes().ops("}(Nu"), "a key without a value");
        assertMalformed(
                new PickleBytes().ops("}(").text("a").ops("N").text("a").ops("Nu"), "twice");
        assertMalformed(
                new PickleBytes().global("collections", "OrderedDict").ops("NR"),
                "expected a tuple of arguments, got None");
        assertMalformed(new PickleBytes().ops("NQ"), "expected a persistent id");
    }

    @ParameterizedTest
    @CsvSource({
        "10, 0, 11, 1, need 11 elements",
        "10, 5, 6, 1, need 11 elements",
        "10, 0, 4, 4, need 13 elements",
        "10, -1, 4, 1, offset -1",
        "10, 0, -4, 1, negative size",
        "10, 9, 4, -1, negative size or stride",
        "10, 9223372036854775807, 2, 1, exceeds any memory",
        "10, 0, 4, 9223372036854775807, exceeds any memory",
        "10, 0, 4611686018427387904, 1, exceeds the 2147483639 values of an array",
        "10, 0, 2147483647, 0, exceeds the 2147483639 values of an array",
        "-1, 0, 0, 1, storage '0' of -1 elements",
        "9223372036854775807, 0, 1, 1, storage '0' of 9223372036854775807 elements"
    })
    void tensorsBeyondTheirStorageAreRefused(
            long count, long offset, long size, long stride, String reason) {
        assertMalformed(
                new PickleBytes()
                        .tensor("0", count, offset, new long[] {size}, new long[] {stride}),
                reason);
    }

    @Test
    void shapesThatOverflowAreRefused() {
        long[] shape = new long[16];
        Arrays.fill(shape, 1L << 30);
        assertMalformed(
                new PickleBytes().tensor("0", 10, 0, shape, new long[16]), "exceeds any memory");
        assertMalformed(
                new PickleBytes().tensor("0", 10, 0, new long[17], new long[17]), "17 sizes");
        assertMalformed(
                new PickleBytes().tensor("0", 10, 0, new long[2], new long[1]),
                "2 sizes and 1 strides");
    }

    @Test
    void oneStorageHasOneTypeAndOneSize() {
        assertMalformed(
                new PickleBytes().storage("FloatStorage", "0", 4).storage("LongStorage", "0", 4),
                "before");
    }

    @Test
    void lengthsBeyondTheEndAreRefusedBeforeAnythingIsAllocated() {
        assertMalformed(new PickleBytes().ops("X").int32(-1), "expected 4294967295 more bytes");
        assertMalformed(new PickleBytes().raw(0x8d).int64(1L << 62), "more bytes");
        assertMalformed(new PickleBytes().raw(0x8d).int64(-1), "expected -1 more bytes");
        assertMalformed(new PickleBytes().raw(0x8b).int32(-5), "expected -5 more bytes");
        assertMalformed(new PickleBytes().raw(0x8e).int64(Long.MAX_VALUE), "more bytes");
        assertMalformed(new PickleBytes().raw(0x95).int64(Long.MAX_VALUE), "a frame of");
        assertMalformed(new PickleBytes().ops("c" + "a".repeat(600)), "a line of at most 512");
    }

    @Test
    void brokenStacksAreRefused() {
        assertMalformed(new PickleBytes().ops("0"), "expected a value on the stack");
        assertMalformed(new PickleBytes().ops("N(0"), "expected a value on the stack");
        assertMalformed(new PickleBytes().ops("t"), "expected a mark");
        assertMalformed(new PickleBytes().ops("NN"), "the stack holds 2");
        assertMalformed(new PickleBytes().ops("N("), "expected one value");
        assertMalformed(new PickleBytes().ops("h").raw(7), "memo 7");
        assertMalformed(new PickleBytes().raw(0x80, 6).ops("N"), "protocol up to 5, got 6");
    }

    @ParameterizedTest
    @ValueSource(strings = {"I01\n", "(ios\nsystem\n", "(cos\nsystem\no", "Pid\n", "\u0082a"})
    void otherInstructionsAreRefused(String instructions) {
        byte[] latin1 = instructions.getBytes(StandardCharsets.ISO_8859_1);
        PickleBytes pickle = new PickleBytes();
        for (byte b : latin1) {
            pickle.raw(b);
        }
        assertThat(catchThrowable(() -> read(pickle))).isInstanceOf(CheckpointException.class);
    }

    @Test
    void deepNestingNeedsNoRecursion() {
        PickleBytes pickle = new PickleBytes().ops(")");
        for (int i = 0; i < 1_000_000; i++) {
            pickle.raw(0x85);
        }
        assertThat(read(pickle)).isInstanceOf(Sequence.class);
        assertMalformed(
                new PickleBytes().ops("(".repeat(1_000_000)).ops("N"), "expected one value");
    }

    @Test
    void doublingReferencesAreNeverUnfolded() {
        PickleBytes pickle = new PickleBytes().ops("})");
        for (int i = 0; i < 1_000; i++) {
            pickle.ops("2").raw(0x86);
        }
        pickle.ops("Ns");

        assertThat(read(pickle)).isInstanceOf(Mapping.class);
        assertThatThrownBy(() -> WeightsLocator.locate(read(pickle), storage -> MemorySegment.NULL))
                .isInstanceOf(CheckpointException.Unsupported.class)
                .hasMessageContaining("a sequence (None)");
    }

    @Test
    void selfReferencesAreHarmless() {
        PickledValue dict =
                read(
                        new PickleBytes()
                                .ops("}q")
                                .raw(0)
                                .text("state_dict")
                                .ops("h")
                                .raw(0)
                                .ops("s"));

        assertThatThrownBy(() -> WeightsLocator.locate(dict, storage -> MemorySegment.NULL))
                .isInstanceOf(CheckpointException.Unsupported.class)
                .hasMessageContaining("'state_dict' is a dict");
    }

    @Test
    void endlessInstructionsAreRefused() {
        assertMalformed(new PickleBytes().ops("N0".repeat(1_000_001)), "more than 2000000");
    }

    @Test
    void copiesOfAMemoisedListAreCounted() {
        PickleBytes pickle = new PickleBytes().ops("](");
        for (int i = 0; i < 1_000; i++) {
            pickle.text("key" + i).ops("N").raw(0x86);
        }
        pickle.ops("eq").raw(0).global("collections", "OrderedDict").ops("q").raw(1);
        for (int i = 0; i < 3_000; i++) {
            pickle.ops("h").raw(1).ops("h").raw(0, 0x85).ops("R0");
        }

        assertMalformed(pickle.ops("0"), "more than 2000000 instructions and copied items");
    }

    @Test
    void copiesOfAMemoisedShapeAreCounted() {
        PickleBytes pickle =
                new PickleBytes()
                        .global("torch._utils", "_rebuild_tensor_v2")
                        .ops("q")
                        .raw(0)
                        .storage("FloatStorage", "0", 4)
                        .ops("q")
                        .raw(1)
                        .wholes(new long[16])
                        .ops("q")
                        .raw(2);
        for (int i = 0; i < 60_000; i++) {
            pickle.ops("h").raw(0).ops("(h").raw(1).ops("K").raw(0);
            pickle.ops("h").raw(2).ops("h").raw(2).ops("tR0");
        }

        assertMalformed(pickle.ops("00"), "more than 2000000 instructions and copied items");
    }

    @Test
    void longNamesAndKeysAreNotUsedAgainAndAgain() {
        String letters = "A".repeat(1_000_000);
        assertMalformed(
                new PickleBytes().text("torch.optim.adam").text(letters).raw(0x93),
                "names of at most 512 characters");

        PickleBytes pickle = new PickleBytes().text(letters).ops("q").raw(0);
        for (int i = 0; i < 3_000; i++) {
            pickle.ops("}h").raw(0).ops("Ns0");
        }
        assertMalformed(pickle, "more than 2000000 instructions and copied items");
    }

    /** Every text of Aa and BB of one length has the same hash code. */
    @Test
    @Timeout(10)
    void keysOfOneHashCodeCostNoMoreThanOthers() {
        PickleBytes pickle = new PickleBytes().ops("}(");
        for (int number = 0; number < 1 << 17; number++) {
            StringBuilder key = new StringBuilder();
            for (int bit = 0; bit < 17; bit++) {
                key.append((number >> bit & 1) == 0 ? "Aa" : "BB");
            }
            pickle.text(key.toString()).ops("N");
        }

        assertThat(read(pickle.ops("u"))).isInstanceOf(Mapping.class);
    }

    @Test
    void truncationAtEveryByteIsRefused() {
        byte[] pickle =
                new PickleBytes()
                        .ops("}(")
                        .text("weight")
                        .tensor("0", 4, 0, new long[] {2, 2}, new long[] {2, 1})
                        .text("b")
                        .global("torch.optim.adam", "Adam")
                        .ops("u")
                        .stop();
        assertThat(read(pickle)).isInstanceOf(Mapping.class);
        for (int length = 0; length < pickle.length; length++) {
            byte[] start = Arrays.copyOf(pickle, length);
            assertThatThrownBy(() -> read(start))
                    .as("the first %d bytes", length)
                    .isInstanceOf(CheckpointException.Malformed.class);
        }
    }

    private static void assertForbidden(PickleBytes pickle, String reason) {
        assertThatThrownBy(() -> read(pickle))
                .isInstanceOf(CheckpointException.Forbidden.class)
                .hasMessageContaining(reason)
                .hasMessageContaining("nothing was run")
                .hasMessageContaining("data.pkl, byte ");
    }

    private static void assertMalformed(PickleBytes pickle, String reason) {
        assertThatThrownBy(() -> read(pickle))
                .isInstanceOf(CheckpointException.Malformed.class)
                .hasMessageContaining(reason)
                .hasMessageContaining("data.pkl, byte ");
    }

    private static PickledValue read(PickleBytes pickle) {
        return read(pickle.stop());
    }

    private static PickledValue read(byte[] pickle) {
        return Unpickler.read(new ByteCursor(MemorySegment.ofArray(pickle), "data.pkl")).value();
    }
}
