package io.nowcast.benchmark;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.RainUnit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Radar frames of an event: an NPZ with {@code frames} uint8 {@code [T, H, W]}, where dBZ = v/2 -
 * 32, 0 is dry and 255 is missing.
 */
final class RadarEvent {

    private static final Pattern SHAPE =
            Pattern.compile("'descr': '\\|u1'.*'shape': \\((\\d+), (\\d+), (\\d+)\\)");
    private static final int MISSING = 255;

    private final byte[] pixels;
    private final int offset;
    private final GridShape full;
    private final GridShape grid;

    private RadarEvent(byte[] pixels, int offset, GridShape full, GridShape grid) {
        this.pixels = pixels;
        this.offset = offset;
        this.full = full;
        this.grid = grid;
    }

    /** The middle of every frame, no larger than the frame itself. */
    RadarEvent middle(GridShape wanted) {
        return new RadarEvent(
                pixels,
                offset,
                full,
                new GridShape(
                        Math.min(wanted.height(), full.height()),
                        Math.min(wanted.width(), full.width())));
    }

    static RadarEvent read(Path file) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().equals("frames.npy")) {
                    return parse(zip.readAllBytes());
                }
            }
        }
        throw new IllegalArgumentException(file + " has no frames.npy");
    }

    private static RadarEvent parse(byte[] npy) {
        int header = (npy[8] & 0xff) | (npy[9] & 0xff) << 8;
        Matcher shape = SHAPE.matcher(new String(npy, 10, header, StandardCharsets.US_ASCII));
        if (!shape.find()) {
            throw new IllegalArgumentException("expected frames of uint8 [T, H, W]");
        }
        GridShape grid =
                new GridShape(Integer.parseInt(shape.group(2)), Integer.parseInt(shape.group(3)));
        return new RadarEvent(npy, 10 + header, grid, grid);
    }

    /** Rain rates of consecutive frames, NaN where missing. */
    FrameSequence rainRate(int first, int count) {
        float[] values = new float[count * Math.toIntExact(grid.pixels())];
        int top = (full.height() - grid.height()) / 2;
        int left = (full.width() - grid.width()) / 2;
        int write = 0;
        for (int frame = first; frame < first + count; frame++) {
            for (int row = top; row < top + grid.height(); row++) {
                int read = offset + (frame * full.height() + row) * full.width() + left;
                for (int column = 0; column < grid.width(); column++) {
                    int pixel = pixels[read + column] & 0xff;
                    values[write++] = pixel == MISSING ? Float.NaN : rainRate(pixel);
                }
            }
        }
        return new FrameSequence(count, grid, RainUnit.MILLIMETRES_PER_HOUR, values);
    }

    private static float rainRate(int pixel) {
        return pixel == 0
                ? 0
                : (float) Math.pow(Math.pow(10, (pixel / 2.0 - 32) / 10) / 200, 1 / 1.6);
    }
}
