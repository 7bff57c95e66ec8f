package io.nowcast.codec;

import static io.nowcast.testing.PngFile.chunk;
import static io.nowcast.testing.PngFile.deflated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nowcast.testing.PngFile;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PNGs of 2x2 pixels of 8 bits whose checksums are right and whose contents are not. */
class HostilePngTest {

    private static final int GREY = 0;
    private static final int PALETTE = 3;

    /** Two rows without a filter: 1 2, 3 4. */
    private static final byte[] ROWS = {0, 1, 2, 0, 3, 4};

    private static final byte[] COLOURS = new byte[15];

    @Test
    void imageDataMayComeInPieces() {
        byte[] data = deflated(ROWS);
        byte[] start = Arrays.copyOf(data, 3);
        byte[] rest = Arrays.copyOfRange(data, 3, data.length);
        byte[] nothing = {};

        assertThat(
                        decode(
                                png(
                                        GREY,
                                        0,
                                        chunk("IDAT", nothing),
                                        chunk("IDAT", start),
                                        chunk("IDAT", nothing),
                                        chunk("IDAT", rest))))
                .containsExactly(1, 2, 3, 4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"iCCP", "iTXt", "zTXt", "tRNS", "sPLT", "hIST", "noNe"})
    void whatPixelsDoNotNeedIsDropped(String type) {
        byte[] bomb = deflated(new byte[1 << 20]);
        byte[] extra = chunk(type, bomb);
        byte[] data = chunk("IDAT", deflated(ROWS));

        assertThat(decode(png(GREY, 0, extra, data))).containsExactly(1, 2, 3, 4);
        assertThat(decode(png(PALETTE, 0, extra, chunk("PLTE", COLOURS), extra, data, extra)))
                .containsExactly(1, 2, 3, 4);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 14, 768, 1 << 16})
    void aPaletteOfAnySizeLeavesTheIndices(int length) {
        byte[] palette = chunk("PLTE", new byte[length]);

        assertThat(decode(png(PALETTE, 0, palette, chunk("IDAT", deflated(ROWS)))))
                .containsExactly(1, 2, 3, 4);
    }

    @Test
    void aPaletteMissingTwiceOrLateIsRefused() {
        byte[] palette = chunk("PLTE", COLOURS);
        byte[] data = chunk("IDAT", deflated(ROWS));

        refused(png(PALETTE, 0, data), "damaged PNG image: Required PLTE chunk missing");
        refused(png(PALETTE, 0, data, palette), "damaged PNG image: Required PLTE chunk missing");
        refused(
                png(PALETTE, 0, palette, palette, data),
                "damaged PNG image: Failed to read a chunk of type 1347179589");
    }

    @Test
    void aSecondHeaderOrAnUnknownEssentialChunkIsRefused() {
        byte[] data = chunk("IDAT", deflated(ROWS));

        refused(
                png(GREY, 0, chunk("IHDR", new byte[13]), data),
                "unexpected essential PNG chunk IHDR at byte 33");
        refused(
                png(GREY, 0, chunk("NoNe", ROWS), data),
                "unexpected essential PNG chunk NoNe at byte 33");
    }

    @Test
    void anUnknownFilterIsRefused() {
        byte[] rows = ROWS.clone();
        rows[3] = 5;

        refused(
                png(GREY, 0, chunk("IDAT", deflated(rows))),
                "damaged PNG image: Unknown row filter type (= 5)!");
    }

    /** Interlaced, the pixels make rows of 1, 1 and 2 pixels. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 0 | PNG image data end in row 0",
                "0 | 5 | PNG image data end in row 1",
                "0 | 7 | PNG image data goes on after row 2, the last",
                "0 | 1000000 | PNG image data goes on after row 2, the last",
                "1 | 3 | PNG image data end in row 1",
                "1 | 6 | PNG image data end in row 2",
                "1 | 8 | PNG image data goes on after row 3, the last"
            })
    void dataOfAnotherLengthAreRefused(int interlace, int length, String message) {
        byte[] data = chunk("IDAT", deflated(new byte[length]));

        refused(png(GREY, interlace, data), message);
    }

    @Test
    void dataThatAreNoCompleteStreamAreRefused() {
        byte[] data = deflated(ROWS);
        byte[] unclosed = Arrays.copyOf(data, data.length - 1);
        byte[] wrong = data.clone();
        wrong[data.length - 1] ^= 1;

        refused(png(GREY, 0), "PNG image data end in row 0");
        refused(
                png(GREY, 0, chunk("IDAT", unclosed)),
                "PNG image data is not closed after row 2, the last");
        refused(
                png(GREY, 0, chunk("IDAT", wrong)),
                "damaged PNG image data in row 2: incorrect data check");
        refused(
                png(GREY, 0, chunk("IDAT", ROWS)),
                "damaged PNG image data in row 0: incorrect header check");
    }

    @Test
    void dataWithAnotherChunkBetweenAreRefused() {
        byte[] data = deflated(ROWS);
        byte[] start = chunk("IDAT", Arrays.copyOf(data, 3));
        byte[] rest = chunk("IDAT", Arrays.copyOfRange(data, 3, data.length));

        refused(
                png(GREY, 0, start, chunk("PLTE", COLOURS), rest),
                "damaged PNG image: Unexpected end of ZLIB input stream");
    }

    /** What the checksums let pass: headers, palettes and rows of anything. */
    @Test
    void noContentsSurprise() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
        int read = 0;
        for (int round = 0; round < 2000; round++) {
            byte[] rows = new byte[random.nextInt(1, 24)];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = (byte) random.nextInt(6);
            }
            byte[] header = {0, 0, 0, 2, 0, 0, 0, 2, 8, PALETTE, 0, 0, 0};
            header[3] = (byte) random.nextInt(1, 6);
            header[7] = (byte) random.nextInt(1, 6);
            header[8] = (byte) (1 << random.nextInt(6));
            header[9] = (byte) (random.nextBoolean() ? GREY : PALETTE);
            header[12] = (byte) random.nextInt(2);
            byte[] palette = chunk("PLTE", new byte[random.nextInt(3 * 257)]);
            try {
                decode(png(header, palette, chunk("IDAT", deflated(rows))));
                read++;
            } catch (CodecException expected) {
                assertThat(expected).hasMessageStartingWith("f.png: ");
            }
        }
        assertThat(read).isPositive();
    }

    private static void refused(byte[] png, String message) {
        assertThatThrownBy(() -> decode(png))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessage("f.png: " + message);
    }

    private static float[] decode(byte[] png) {
        return new FrameCodec(Fixtures.LIMITS)
                .decodeParts(List.of(new FramePart("f.png", png)), Fixtures.PLAIN)
                .sequences()
                .getFirst()
                .values();
    }

    private static byte[] png(int colourType, int interlace, byte[]... chunks) {
        byte[] header = {0, 0, 0, 2, 0, 0, 0, 2, 8, (byte) colourType, 0, 0, (byte) interlace};
        return png(header, chunks);
    }

    private static byte[] png(byte[] header, byte[]... chunks) {
        byte[][] all = new byte[chunks.length + 2][];
        all[0] = chunk("IHDR", header);
        System.arraycopy(chunks, 0, all, 1, chunks.length);
        all[all.length - 1] = chunk("IEND", new byte[0]);
        return PngFile.of(all);
    }
}
