package io.nowcast.codec;

import io.nowcast.frames.RainUnit;
import java.awt.image.IndexColorModel;
import java.util.Arrays;
import java.util.List;

/**
 * The colours of pictures: no rain, classes of growing rain, and the coverage's own grey, each an
 * index into a palette.
 */
final class ColourScale {

    static final int DRY = 0;
    static final int MISSING = 1;
    static final int INK = 2;
    static final int PAPER = 3;

    private static final int FIRST_CLASS = 4;
    private static final int[] FIXED = {0xffffff, 0xb8b8b8, 0x202020, 0xf4f4f4};

    /** From light blue over green and yellow to purple, ten classes; told apart in grey too. */
    private static final int[] CLASSES = {
        0xc6dbef, 0x9ecae1, 0x4292c6, 0x08519c, 0x41ab5d, 0xffe34d, 0xfd9a2b, 0xe31a1c, 0x99001f,
        0x54206b
    };

    private final List<Double> thresholds;
    private final String label;

    private ColourScale(List<Double> thresholds, String label) {
        this.thresholds = thresholds;
        this.label = label;
    }

    static ColourScale of(RainUnit unit) {
        return switch (unit) {
            case MILLIMETRES_PER_HOUR ->
                    new ColourScale(
                            List.of(0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0), "mm/h");
            case MILLIMETRES ->
                    new ColourScale(
                            List.of(0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0), "mm");
            case DBZ ->
                    new ColourScale(
                            List.of(5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 35.0, 40.0, 45.0, 50.0),
                            "dBZ");
            case MODEL, NONE ->
                    new ColourScale(List.of(0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9), "");
        };
    }

    /** The lower bounds of the classes, ascending. */
    List<Double> thresholds() {
        return thresholds;
    }

    /** The unit, in the letters that {@link PixelFont} has. */
    String label() {
        return label;
    }

    /** The palette index of the class that begins at threshold {@code number}. */
    static int classIndex(int number) {
        return FIRST_CLASS + number;
    }

    int index(float value) {
        if (Float.isNaN(value)) {
            return MISSING;
        }
        int index = DRY;
        for (int number = 0;
                number < thresholds.size() && value >= thresholds.get(number);
                number++) {
            index = classIndex(number);
        }
        return index;
    }

    static IndexColorModel palette() {
        int[] colours = Arrays.copyOf(FIXED, FIXED.length + CLASSES.length);
        System.arraycopy(CLASSES, 0, colours, FIXED.length, CLASSES.length);
        byte[][] channels = new byte[3][16];
        for (int index = 0; index < colours.length; index++) {
            channels[0][index] = (byte) (colours[index] >> 16);
            channels[1][index] = (byte) (colours[index] >> 8);
            channels[2][index] = (byte) colours[index];
        }
        return new IndexColorModel(8, 16, channels[0], channels[1], channels[2]);
    }
}
