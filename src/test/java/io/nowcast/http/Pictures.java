package io.nowcast.http;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/** Makes and reads PNGs with other code than the service has. */
final class Pictures {

    private Pictures() {}

    /** The samples of a grey PNG, row by row. */
    static int[] samples(byte @Nullable [] png) {
        BufferedImage image = read(png);
        return image.getRaster()
                .getSamples(0, 0, image.getWidth(), image.getHeight(), 0, (int[]) null);
    }

    static int bits(byte @Nullable [] png) {
        return read(png).getSampleModel().getSampleSize(0);
    }

    private static BufferedImage read(byte @Nullable [] png) {
        if (png == null) {
            throw new AssertionError("there is no such image");
        }
        try {
            return ImageIO.read(new ByteArrayInputStream(png));
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /** An 8-bit grey PNG, all 0. */
    static byte[] black(int width, int height) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(
                    new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY), "png", out);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        return out.toByteArray();
    }
}
