package io.nowcast.codec;

import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads the pixels of grey and palette PNGs of one depth through ImageIO, as the numbers that are
 * stored: no colour is computed, and the index into a palette is the value. A table turns them into
 * physical values.
 *
 * <p>Works in memory and needs no display. Not thread-safe; closing releases ImageIO's reader.
 */
final class PngDecoder implements AutoCloseable {

    private final ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
    private final float[] table;

    /**
     * @param table physical value by stored number, 2^bits of them
     */
    PngDecoder(float[] table) {
        this.table = table;
    }

    /**
     * Writes H·W values in row-major order.
     *
     * @param section a PNG whose header was admitted
     * @param start where the frame begins in the values
     * @throws MalformedBodyException if the image is damaged
     */
    void decode(Section section, float[] values, int start) {
        PngHeader header = PngHeader.of(section);
        PngChunks chunks = PngChunks.of(section);
        PngImageData.requireComplete(section.name(), header, chunks.imageData());
        Raster pixels = read(section.name(), chunks.essence());
        int[] row = new int[header.width()];
        for (int y = 0; y < header.height(); y++) {
            pixels.getSamples(0, y, row.length, 1, 0, row);
            int target = start + y * row.length;
            for (int x = 0; x < row.length; x++) {
                values[target + x] = table[row[x]];
            }
        }
    }

    @Override
    public void close() {
        reader.dispose();
    }

    private Raster read(String where, byte[] png) {
        try (ImageInputStream stream =
                new MemoryCacheImageInputStream(new ByteArrayInputStream(png))) {
            reader.setInput(stream, true, true);
            return reader.read(0).getRaster();
        } catch (IOException | IllegalArgumentException | IllegalStateException e) {
            // Memory is read from, so it is the image that fails; ImageIO wraps all but these two.
            if (e.getCause() instanceof VirtualMachineError error) {
                throw error;
            }
            throw new MalformedBodyException(
                    "%s: damaged PNG image: %s".formatted(where, reason(e)), e);
        }
    }

    /** What is wrong: ImageIO says so in the innermost exception. */
    private static String reason(Throwable failure) {
        Throwable innermost = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            innermost = cause;
        }
        String message = innermost.getMessage();
        return message == null ? innermost.getClass().getSimpleName() : message;
    }
}
