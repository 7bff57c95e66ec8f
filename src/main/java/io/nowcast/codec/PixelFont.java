package io.nowcast.codec;

import java.awt.image.WritableRaster;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Letters of three by five pixels, enough for times, numbers and units: a slim Java runtime has no
 * fonts, and a server no display.
 */
final class PixelFont {

    static final int HEIGHT = 5;

    private static final int WIDTH = 3;

    /** Rows from the top, each as an octal digit: 4 is the left pixel, 1 the right one. */
    private static final Map<Character, String> GLYPHS = glyphs();

    private PixelFont() {}

    /** Width of a text in pixels at a magnification. */
    static int width(String text, int magnification) {
        return text.length() * (WIDTH + 1) * magnification;
    }

    /**
     * Writes a text; letters that there are none of stay blank, and so do those beyond the edge.
     */
    static void draw(
            WritableRaster raster, String text, int left, int top, int colour, int magnification) {
        int x = left;
        for (int at = 0; at < text.length(); at++) {
            String rows = GLYPHS.getOrDefault(text.charAt(at), "00000");
            for (int pixel = 0; pixel < WIDTH * HEIGHT; pixel++) {
                int row = pixel / WIDTH;
                int column = pixel % WIDTH;
                boolean ink = (((rows.charAt(row) - '0') >> (WIDTH - 1 - column)) & 1) == 1;
                if (ink) {
                    fill(
                            raster,
                            x + column * magnification,
                            top + row * magnification,
                            magnification,
                            magnification,
                            colour);
                }
            }
            x += (WIDTH + 1) * magnification;
        }
    }

    /** Fills the part of a rectangle that lies in the raster. */
    static void fill(WritableRaster raster, int left, int top, int width, int height, int colour) {
        for (int y = Math.max(0, top); y < Math.min(raster.getHeight(), top + height); y++) {
            for (int x = Math.max(0, left); x < Math.min(raster.getWidth(), left + width); x++) {
                raster.setSample(x, y, 0, colour);
            }
        }
    }

    private static Map<Character, String> glyphs() {
        Map<Character, String> glyphs = new HashMap<>();
        List.of(
                        "075557", "126227", "271747", "371717", "455711", "574717", "674757",
                        "771244", "875757", "975717", "+02720", "-00700", ".00002", ":02020",
                        "/11244", "m07755", "h44655", "d11355", "B65656", "Z71247", "U55557",
                        "T72222", "C74447", "i20222", "n06555", "o07570", "a03557", "t27223",
                        " 00000")
                .forEach(glyph -> glyphs.put(glyph.charAt(0), glyph.substring(1)));
        return glyphs;
    }
}
