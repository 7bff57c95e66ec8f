package io.nowcast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PngStackDecodingTest {

    @ParameterizedTest
    @CsvSource({
        "grey1.zip,1",
        "grey8.zip,8",
        "grey16.zip,16",
        "palette1.zip,1",
        "palette2.zip,2",
        "palette4.zip,4",
        "palette8.zip,8"
    })
    void readsWhatPillowWroteInNaturalNameOrder(String name, int bits) {
        DecodedFrames decoded = Fixtures.decode(Fixtures.file(name));

        assertThat(decoded.format()).isEqualTo(FrameFormat.PNG_STACK);
        assertThat(decoded.bits()).hasValue(Math.max(8, bits));
        FrameSequence sequence = decoded.sequences().getFirst();
        assertThat(sequence.length()).isEqualTo(3);
        assertThat(sequence.grid()).isEqualTo(new GridShape(7, 13));
        for (int t = 0; t < 3; t++) {
            for (int y = 0; y < 7; y++) {
                for (int x = 0; x < 13; x++) {
                    assertThat(sequence.value(t, y, x))
                            .as("frame %d, row %d, column %d", t, y, x)
                            .isEqualTo(pixel(t, y, x, bits));
                }
            }
        }
    }

    /** The rule that make_fixtures.py states in pixel_numbers. */
    private static int pixel(int t, int y, int x, int bits) {
        int n = 1000 * t + 31 * y + 7 * x * y + x;
        return n * (bits == 16 ? 257 : 1) % (1 << bits);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                BufferedImage.TYPE_BYTE_GRAY,
                BufferedImage.TYPE_USHORT_GRAY,
                BufferedImage.TYPE_BYTE_BINARY
            })
    void readsInterlacedImages(int type) throws IOException {
        BufferedImage image = new BufferedImage(29, 19, type);
        int levels = 1 << image.getColorModel().getPixelSize();
        for (int y = 0; y < 19; y++) {
            for (int x = 0; x < 29; x++) {
                image.getRaster().setSample(x, y, 0, (x * 7 + y * 1301) % levels);
            }
        }

        FrameSequence sequence =
                decodeParts(interlaced(image), interlaced(image)).sequences().getFirst();

        for (int y = 0; y < 19; y++) {
            for (int x = 0; x < 29; x++) {
                assertThat(sequence.value(1, y, x)).isEqualTo((x * 7 + y * 1301) % levels);
            }
        }
    }

    private static byte[] interlaced(BufferedImage image) throws IOException {
        ImageWriter writer =
                ImageIO.getImageWriters(ImageTypeSpecifier.createFromRenderedImage(image), "png")
                        .next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            parameters.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    @Test
    void ignoresFoldersHiddenFilesAndMetadata() {
        DecodedFrames decoded = Fixtures.decode(Fixtures.file("extras.zip"));

        assertThat(decoded.sequences().getFirst().length()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "with_text.zip | readme.txt: expected a PNG image (first bytes 89 'PNG'), got text \"how to read this\"",
                "text_called_png.zip | f1.png: expected a PNG image (first bytes 89 'PNG'), got text \"<html>404 not fo\"",
            })
    void refusesOtherFiles(String name, String message) {
        assertThatThrownBy(() -> Fixtures.decode(Fixtures.file(name)))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sizes_differ.zip | f2.png: frame 1 has 7x12 pixels of 8 bits, frame 0 (f1.png) has 7x13 pixels of 8 bits",
                "depths_differ.zip | f2.png: frame 1 has 7x13 pixels of 16 bits, frame 0 (f1.png) has 7x13 pixels of 8 bits",
                "colour.zip | f1.png: expected a grey or palette PNG, whose pixels are single numbers, got colour (RGB)",
                "alpha.zip | f1.png: expected a grey or palette PNG, whose pixels are single numbers, got grey with alpha",
                "nothing.zip | body: expected PNG images, got none",
            })
    void refusesImagesThatAreNoFrames(String name, String message) {
        assertThatThrownBy(() -> Fixtures.decode(Fixtures.file(name)))
                .isInstanceOf(UnusableFramesException.class)
                .hasMessage(message);
    }

    @Test
    void aHugeImageIsRefusedByItsHeader() {
        byte[] png = Fixtures.entry("grey8.zip", "f1.png");
        ByteBuffer.wrap(png).putInt(16, 30_000).putInt(20, 30_000);

        assertThatThrownBy(() -> decodeParts(png))
                .isInstanceOf(BodyTooLargeException.class)
                .hasMessage("part0.png: 900000000 pixels a frame, the limit is 65536");
    }

    @Test
    void anImageTooSmallForItsPixelsIsRefusedByItsHeader() {
        byte[] png = Fixtures.entry("grey8.zip", "f1.png");
        ByteBuffer.wrap(png).putInt(16, 1 << 12).putInt(20, 1 << 12);
        CodecLimits wide = new CodecLimits(1 << 30, 64, 8, 1 << 24, 32);
        List<FramePart> parts = List.of(new FramePart("f1.png", png));

        assertThatThrownBy(() -> new FrameCodec(wide).decodeParts(parts, Fixtures.PLAIN))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessageMatching(
                        "f1.png: [0-9]+ bytes cannot inflate to 4096x4096 pixels of 8 bits");
    }

    @Test
    void aStackCountsAsAWhole() {
        byte[] png = Fixtures.entry("grey8.zip", "f1.png");
        ByteBuffer.wrap(png).putInt(16, 256).putInt(20, 256);

        assertThatThrownBy(() -> decodeParts(png, png, png, png, png))
                .isInstanceOf(BodyTooLargeException.class)
                .hasMessage("parts: 1310720 bytes as float32, the limit is 1048576");
    }

    @Test
    void aChangedByteFailsTheChecksum() {
        byte[] png = Fixtures.entry("grey8.zip", "f1.png");
        png[50] ^= 1;

        assertThatThrownBy(() -> decodeParts(png))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessage("part0.png: the PNG chunk IDAT at byte 33 does not match its checksum");
    }

    @Test
    void moreRowsThanDataAreRefused() {
        byte[] png = Fixtures.entry("grey8.zip", "f1.png");
        ByteBuffer.wrap(png).putInt(20, 8).putInt(29, checksum(png, 20, 8));

        assertThatThrownBy(() -> decodeParts(png))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessage("part0.png: PNG image data end in row 7");
    }

    @Test
    void moreDataThanRowsAreRefused() {
        byte[] png = Fixtures.entry("grey8.zip", "f1.png");
        ByteBuffer.wrap(png).putInt(20, 6).putInt(29, checksum(png, 20, 6));

        assertThatThrownBy(() -> decodeParts(png))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessage("part0.png: PNG image data goes on after row 6, the last");
    }

    /** Of the chunk IHDR, with another number in it. */
    private static int checksum(byte[] png, int offset, int number) {
        byte[] changed = png.clone();
        ByteBuffer.wrap(changed).putInt(offset, number);
        CRC32 checksum = new CRC32();
        checksum.update(changed, 12, 17);
        return (int) checksum.getValue();
    }

    private static DecodedFrames decodeParts(byte[]... images) {
        List<FramePart> parts =
                Arrays.stream(images).map(image -> new FramePart("part0.png", image)).toList();
        return new FrameCodec(Fixtures.LIMITS).decodeParts(parts, Fixtures.PLAIN);
    }
}
