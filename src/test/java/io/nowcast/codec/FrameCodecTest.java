package io.nowcast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameCodecTest {

    private final FrameCodec codec = new FrameCodec(Fixtures.LIMITS);

    @ParameterizedTest
    @CsvSource({
        "frames.npz,NPZ",
        "frames_compressed.npz,NPZ",
        "grey8.zip,PNG_STACK",
        "nothing.zip,PNG_STACK"
    })
    void detectsFormats(String name, FrameFormat format) {
        assertThat(FrameFormat.detect(Fixtures.file(name))).contains(format);
    }

    @Test
    void detectsAnArrayAndADamagedArchive() {
        assertThat(FrameFormat.detect(npy())).contains(FrameFormat.NPY);
        assertThat(FrameFormat.detect(Arrays.copyOf(Fixtures.file("frames.npz"), 60)))
                .contains(FrameFormat.PNG_STACK);
        assertThat(FrameFormat.detect(new byte[0])).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"NPZ,npz,NPZ", "PNG_STACK,png,PNG", "JSON,json,json", "NPY,npy,Npy"})
    void knowsFormatsByParameter(FrameFormat format, String parameter, String asked) {
        assertThat(format.parameter()).isEqualTo(parameter);
        assertThat(FrameFormat.ofParameter(asked)).contains(format);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"frames\": []} | got JSON",
                "BUFR | got a BUFR message (convert it to",
                "GRIB2 | got a GRIB message (convert it with"
            })
    void refusesOtherKindsOfFiles(String body, String message) {
        assertThatThrownBy(() -> codec.decode(bytes(body), Fixtures.PLAIN))
                .isInstanceOf(UnsupportedBodyException.class)
                .hasMessageStartingWith(
                        "body: expected %s; %s".formatted(Signature.KINDS, message));
    }

    @Test
    void describesUnknownBytes() {
        assertThatThrownBy(() -> codec.decode(new byte[] {1, 2, (byte) 0xff}, Fixtures.PLAIN))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessageEndingWith("got bytes 01 02 ff");
        assertThatThrownBy(() -> codec.decode(new byte[0], Fixtures.PLAIN))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessageEndingWith("got nothing (0 bytes)");
    }

    @Test
    void refusesABodyOfAnotherFormatThanToldAndJson() {
        assertThatThrownBy(() -> codec.decode(npy(), FrameFormat.NPZ, Fixtures.PLAIN))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessage("body: expected a ZIP archive (first bytes 'PK'), got an NPY array");
        assertThatThrownBy(() -> codec.decode(npy(), FrameFormat.JSON, Fixtures.PLAIN))
                .isInstanceOf(UnsupportedBodyException.class);
    }

    @Test
    void readsOnePartAsABody() {
        DecodedFrames decoded =
                codec.decodeParts(List.of(new FramePart("radar.npy", npy())), Fixtures.PLAIN);

        assertThat(decoded.format()).isEqualTo(FrameFormat.NPY);
    }

    @Test
    void readsPngPartsInTheirOrder() {
        List<FramePart> parts =
                List.of(
                        new FramePart("z.png", Fixtures.entry("grey8.zip", "f1.png")),
                        new FramePart("a.png", Fixtures.entry("grey8.zip", "f2.png")));

        DecodedFrames decoded = codec.decodeParts(parts, Fixtures.PLAIN);

        assertThat(decoded.sequences().getFirst().value(0, 0, 0)).isEqualTo(0);
        assertThat(decoded.sequences().getFirst().value(1, 0, 0)).isEqualTo(1000 % 256);
    }

    @Test
    void refusesMixedAndMissingParts() {
        List<FramePart> mixed =
                List.of(
                        new FramePart("f1.png", Fixtures.entry("grey8.zip", "f1.png")),
                        new FramePart("radar.npy", npy()));

        assertThatThrownBy(() -> codec.decodeParts(mixed, Fixtures.PLAIN))
                .isInstanceOf(UnusableFramesException.class)
                .hasMessage(
                        "radar.npy: expected one NPY, NPZ or ZIP as the only part, or nothing but PNG images, got an NPY array among 2 parts");
        assertThatThrownBy(() -> codec.decodeParts(List.of(), Fixtures.PLAIN))
                .isInstanceOf(UnusableFramesException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "frames.npz",
                "frames_compressed.npz",
                "frames_streamed.npz",
                "grey8.zip",
                "grey16.zip",
                "palette2.zip"
            })
    void noTruncationOrDamageSurprises(String name) {
        byte[] body = Fixtures.file(name);
        for (int length = 0; length < body.length; length++) {
            byte[] truncated = Arrays.copyOf(body, length);
            assertThatThrownBy(() -> codec.decode(truncated, Fixtures.PLAIN))
                    .as("%d of %d bytes", length, body.length)
                    .isInstanceOf(CodecException.class);
        }
        damage(body);
    }

    @Test
    void noTruncatedOrDamagedArrayOrImageSurprises() {
        for (byte[] content : List.of(npy(), Fixtures.entry("grey16.zip", "f1.png"))) {
            for (int length = 0; length < content.length; length++) {
                FramePart truncated = new FramePart("part", Arrays.copyOf(content, length));
                assertThatThrownBy(() -> codec.decodeParts(List.of(truncated), Fixtures.PLAIN))
                        .as("%d of %d bytes", length, content.length)
                        .isInstanceOf(CodecException.class);
            }
            damage(content);
        }
    }

    /** Sets one or two bytes to anything: the body may still be read, or refused by its rules. */
    private void damage(byte[] body) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
        for (int round = 0; round < 1000; round++) {
            byte[] damaged = body.clone();
            damaged[random.nextInt(body.length)] = (byte) random.nextInt();
            damaged[random.nextInt(body.length)] = (byte) (random.nextBoolean() ? 0xff : 0);
            try {
                codec.decodeParts(List.of(new FramePart("part", damaged)), Fixtures.PLAIN);
            } catch (CodecException expected) {
                assertThat(expected).hasMessageContaining(":");
            }
        }
    }

    private static byte[] npy() {
        return Fixtures.entry("npy_shapes.zip", "channel.npy");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
