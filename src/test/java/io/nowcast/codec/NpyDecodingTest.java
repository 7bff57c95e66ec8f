package io.nowcast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.PixelEncoding;
import io.nowcast.frames.RainUnit;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class NpyDecodingTest {

    static Stream<String> variants() {
        return Fixtures.entries("npy_variants.zip").keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("variants")
    void readsEveryTypeByteOrderMemoryOrderAndFormat(String name) {
        DecodedFrames decoded = Fixtures.decode(Fixtures.entry("npy_variants.zip", name));

        FrameSequence sequence = decoded.sequences().getFirst();
        assertThat(decoded.batched()).isFalse();
        assertThat(sequence.length()).isEqualTo(2);
        assertThat(sequence.grid()).isEqualTo(new GridShape(3, 4));
        assertThat(sequence.values()).containsExactly(expected(name.substring(0, 2)));
        int bits = (name.charAt(1) - '0') * 8;
        if (name.startsWith("f")) {
            assertThat(decoded.bits()).isEmpty();
            assertThat(sequence.unit()).isEqualTo(RainUnit.MILLIMETRES_PER_HOUR);
        } else {
            int width = name.startsWith("b") ? 8 : bits;
            assertThat(decoded.bits()).hasValue(width);
            assertThat(decoded.pixelEncoding()).contains(Fixtures.PLAIN.encoding(width));
            assertThat(sequence.unit()).isEqualTo(Fixtures.PLAIN.encoding(width).unit());
        }
    }

    /** The rule that the header of make_fixtures.py states. */
    private static float[] expected(String type) {
        float[] values = new float[24];
        for (int n = 0; n < values.length; n++) {
            values[n] =
                    switch (type.charAt(0)) {
                        case 'b' -> n % 2;
                        case 'i' -> n - 7;
                        case 'u' -> type.equals("u1") ? n : n * 10;
                        default -> n == 5 ? Float.NaN : n * 0.5f - 3;
                    };
        }
        return values;
    }

    @Test
    void takesASingleChannelForFramesWithoutOne() {
        DecodedFrames decoded = Fixtures.decode(Fixtures.entry("npy_shapes.zip", "channel.npy"));

        assertThat(decoded.batched()).isFalse();
        assertThat(decoded.sequences().getFirst().value(1, 2, 3)).isEqualTo(23);
    }

    @ParameterizedTest
    @CsvSource({"batch.npy", "batch-fortran.npy"})
    void readsABatch(String name) {
        DecodedFrames decoded = Fixtures.decode(Fixtures.entry("npy_shapes.zip", name));

        assertThat(decoded.batched()).isTrue();
        assertThat(decoded.sequences()).hasSize(2);
        assertThat(decoded.sequences().get(0).value(1, 2, 3)).isEqualTo(23);
        assertThat(decoded.sequences().get(1).value(0, 0, 1)).isEqualTo(25);
        assertThat(decoded.sequences().get(1).value(1, 2, 3)).isEqualTo(47);
    }

    @Test
    void transposesGridsThatAreNoMultipleOfItsBlocks() {
        DecodedFrames c = Fixtures.decode(Fixtures.entry("npy_shapes.zip", "batch-wide.npy"));
        DecodedFrames fortran =
                Fixtures.decode(Fixtures.entry("npy_shapes.zip", "batch-wide-fortran.npy"));

        for (int i = 0; i < 2; i++) {
            assertThat(fortran.sequences().get(i).values())
                    .containsExactly(c.sequences().get(i).values());
        }
    }

    @Test
    void decodesIntegersByScaleOffsetAndFillValue() {
        PixelEncoding packed = new PixelEncoding(RainUnit.DBZ, 0.5, -32, OptionalDouble.of(-9999));

        float[] values = decode("extremes-i2.npy", rules(packed, OptionalDouble.empty()));

        assertThat(values).containsExactly(-16416f, Float.NaN, -32.5f, 16351.5f);
    }

    @Test
    void readsUnsigned64BitIntegersAboveTheSignedRange() {
        // 2^64, 2^63 and 2^63: float32 has 24 bits of precision.
        assertThat(decode("extremes-u8.npy", Fixtures.PLAIN))
                .containsExactly(0x1p64f, 0x1p63f, 0x1p63f, 0f);
    }

    @Test
    void doublesBeyondFloatBecomeInfinite() {
        assertThat(decode("extremes-f8.npy", Fixtures.PLAIN))
                .containsExactly(Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0.1f, -9999f);
    }

    @ParameterizedTest
    @CsvSource({"extremes-f8.npy,-9999,3", "fill-f4.npy,-9999.9,0", "fill-f2.npy,-9999,0"})
    void comparesAFillValueInThePrecisionOfTheData(String name, double fill, int missing) {
        PixelEncoding plain = PixelEncoding.identity(RainUnit.DBZ);

        float[] values = decode(name, rules(plain, OptionalDouble.of(fill)));

        assertThat(values[missing]).isNaN();
        assertThat(values[1]).isNotNaN();
    }

    private static DecodingRules rules(PixelEncoding encoding, OptionalDouble fill) {
        return new DecodingRules(RainUnit.DBZ, encoding, encoding, encoding, fill);
    }

    private static float[] decode(String name, DecodingRules rules) {
        byte[] body = Fixtures.entry("npy_shapes.zip", name);
        DecodedFrames decoded = new FrameCodec(Fixtures.LIMITS).decode(body, rules);
        return decoded.sequences().getFirst().values();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "object.npy | body: element type '|O' holds Python objects, which are never unpickled; save the frames as float32",
                "structured.npy | body: structured elements",
                "complex.npy | element type '<c8' holds complex numbers; save",
                "text.npy | element type '<U1' holds text",
                "bytes.npy | element type '|S1' holds text",
                "dates.npy | element type '<M8[s]' holds dates",
                "longdouble.npy | element type '<f16' is not one of",
                "void.npy | holds raw bytes",
                "flat.npy | expected shape [T, H, W], [T, 1, H, W] or [B, T, 1, H, W], got [2, 2]",
                "scalar.npy | got []",
                "channels.npy | got [2, 3, 4, 4]",
                "empty.npy | shape [0, 3, 4] has no pixels",
            })
    void refusesWhatIsNoFrames(String name, String message) {
        assertThatThrownBy(() -> Fixtures.decode(Fixtures.entry("npy_refused.zip", name)))
                .isInstanceOf(UnusableFramesException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{'descr': '<f4', 'fortran_order': False}; header key 'shape' is missing",
                "{'descr': '<f4', 'shape': (1, 2, 2)}; header key 'fortran_order' is missing",
                "{'fortran_order': False, 'shape': (1, 2, 2)}; header key 'descr' is missing",
                "{'descr': '<f4', 'descr': '<f4'}; header key 'descr' comes twice",
                "{'descr': '<f4', 'colour': 1}; header key 'colour' is none of",
                "{'descr': 4}; header at byte 20: expected a quoted string, got \"4}\"",
                "{'descr': ''}; expected a type such as '<f4', got ''",
                "{'descr': '<f4}; expected a string that is closed",
                "{'fortran_order': 0}; expected True or False, got \"0}\"",
                "{'shape': (1, -2)}; expected a size of 1 to 18 digits, got \"-2)}\"",
                "{'shape': (1.5,)}; expected ')', got \".5,)}\"",
                "{'shape': (99999999999999999999,)}; expected a size of 1 to 18 digits",
                "{'shape': 3}; expected '(', got \"3}\"",
                "{'shape': (__import__('os'),)}; expected a size",
                "{'shape': (1,); expected '}', got its end",
                "[]; header at byte 10: expected '{', got \"[]\"",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2, 2)} 1; nothing but blanks",
            })
    void refusesAHeaderThatIsNotTheDictionary(String header, String message) {
        assertThatThrownBy(() -> Fixtures.decode(npy(header, 16)))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessageContaining(message);
    }

    @Test
    void acceptsTheHeaderHoweverPythonWritesIt() {
        byte[] body = npy("{\"shape\":(1L,2,2,),\n\"fortran_order\" :False, 'descr':\"f4\"}", 16);

        assertThat(Fixtures.decode(body).sequences().getFirst().grid())
                .isEqualTo(new GridShape(2, 2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "(65, 2, 2); body: 65 frames, the limit is 64",
                "(9, 2, 1, 2, 2); body: 9 sequences in a batch, the limit is 8",
                "(1, 257, 256); body: 65792 pixels a frame, the limit is 65536",
                "(8, 256, 256); body: 2097152 bytes as float32, the limit is 1048576",
                "(1, 999999999999999999, 999999999999999999); the limit is 2147483647",
                "(999999999999999999, 1, 1); body: 999999999999999999 frames, the limit is 64",
            })
    void comparesPromisesWithTheLimitsBeforeTheData(String shape, String message) {
        byte[] body = npy("{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + "}", 0);

        assertThatThrownBy(() -> Fixtures.decode(body))
                .isInstanceOf(BodyTooLargeException.class)
                .hasMessageContaining(message);
    }

    @Test
    void saysWhereTheDataEnd() {
        byte[] body = Fixtures.entry("npy_shapes.zip", "channel.npy");

        assertThatThrownBy(() -> Fixtures.decode(Arrays.copyOf(body, 150)))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessage(
                        "body: truncated at byte 150: shape [2, 1, 3, 4] of 4-byte elements needs 224 bytes (128 of header)");
        assertThatThrownBy(() -> Fixtures.decode(Arrays.copyOf(body, 225)))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessageStartingWith("body: 1 bytes too many");
        assertThatThrownBy(() -> Fixtures.decode(Arrays.copyOf(body, 100)))
                .hasMessage("body: truncated at byte 100, the header reaches to byte 128");
    }

    @Test
    void refusesUnknownVersionsAndEndlessHeaders() {
        byte[] version4 = npy("{}", 0);
        version4[6] = 4;
        byte[] longHeader = npy("{}", 0);
        longHeader[9] = (byte) 0xff;

        assertThatThrownBy(() -> Fixtures.decode(version4))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessage("body: expected NPY format 1.0, 2.0 or 3.0, got 4.0 at byte 6");
        assertThatThrownBy(() -> Fixtures.decode(longHeader))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessageContaining("header of 65282 bytes promised at byte 8");
    }

    private static byte[] npy(String header, int dataBytes) {
        byte[] text = header.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(10 + text.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(Signature.NPY_MAGIC)
                .put((byte) 1)
                .put((byte) 0)
                .putShort((short) text.length)
                .put(text)
                .array();
    }
}
