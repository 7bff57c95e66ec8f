package io.nowcast.codec;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.LeadTimes;
import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Draws forecast frames in the colours of their unit: each with its lead and valid time, a bar that
 * shows how far into the forecast it is, and a legend. Of large grids every second, third, ... row
 * and column is drawn; pixels of small ones are magnified.
 */
final class ForecastPicture {

    static final int LONGEST = 800;

    private static final int LINE = 20;
    private static final int LEGEND = 34;
    private static final int MARGIN = 4;
    private static final int SWATCH = 34;
    private static final int TEXT = 2;
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final FrameSequence forecast;
    private final LeadTimes leadTimes;
    private final ColourScale scale;
    private final int step;
    private final int magnification;

    /**
     * @param longest most pixels of a frame's longer side
     */
    ForecastPicture(FrameSequence forecast, LeadTimes leadTimes, int longest) {
        this.forecast = forecast;
        this.leadTimes = leadTimes;
        this.scale = ColourScale.of(forecast.unit());
        GridShape grid = forecast.grid();
        int side = Math.max(grid.height(), grid.width());
        this.step = Math.ceilDiv(side, longest);
        this.magnification = Math.max(1, longest / 2 / side);
    }

    private int frameWidth() {
        return Math.ceilDiv(forecast.grid().width(), step) * magnification;
    }

    private int frameHeight() {
        return Math.ceilDiv(forecast.grid().height(), step) * magnification;
    }

    /** One frame with its time and the legend below it. */
    BufferedImage frame(int lead) {
        int width = Math.max(frameWidth(), legendWidth());
        BufferedImage image = blank(width, LINE + frameHeight() + LEGEND);
        drawFrame(image.getRaster(), lead, 0, 0);
        drawLegend(image.getRaster(), LINE + frameHeight());
        return image;
    }

    /** All frames side by side in rows, and one legend. */
    BufferedImage panels() {
        int across = (int) Math.ceil(Math.sqrt(forecast.length()));
        int down = Math.ceilDiv(forecast.length(), across);
        int panelWidth = Math.max(frameWidth(), labelWidth()) + MARGIN;
        int panelHeight = LINE + frameHeight() + MARGIN;
        int width = Math.max(across * panelWidth, legendWidth());
        BufferedImage image = blank(width, down * panelHeight + LEGEND);
        for (int lead = 0; lead < forecast.length(); lead++) {
            drawFrame(
                    image.getRaster(),
                    lead,
                    lead % across * panelWidth,
                    lead / across * panelHeight);
        }
        drawLegend(image.getRaster(), down * panelHeight);
        return image;
    }

    private static BufferedImage blank(int width, int height) {
        BufferedImage image =
                new BufferedImage(
                        width, height, BufferedImage.TYPE_BYTE_INDEXED, ColourScale.palette());
        PixelFont.fill(image.getRaster(), 0, 0, width, height, ColourScale.PAPER);
        return image;
    }

    private void drawFrame(WritableRaster raster, int lead, int left, int top) {
        PixelFont.draw(raster, label(lead), left + MARGIN, top + MARGIN, ColourScale.INK, TEXT);
        int done = frameWidth() * (lead + 1) / forecast.length();
        PixelFont.fill(raster, left, top + LINE - 3, done, 2, ColourScale.INK);
        int[] row = new int[frameWidth()];
        for (int y = 0; y < frameHeight(); y++) {
            for (int x = 0; x < row.length; x++) {
                row[x] =
                        scale.index(
                                forecast.value(
                                        lead, y / magnification * step, x / magnification * step));
            }
            raster.setSamples(left, top + LINE + y, row.length, 1, 0, row);
        }
    }

    private String label(int lead) {
        long minutes = leadTimes.leads().get(lead).toMinutes();
        Optional<List<Instant>> times = leadTimes.validTimes();
        String valid = times.map(all -> " " + CLOCK.format(all.get(lead)) + " UTC").orElse("");
        return "+" + minutes + " min" + valid;
    }

    private int labelWidth() {
        return PixelFont.width(label(forecast.length() - 1), TEXT) + 2 * MARGIN;
    }

    private int legendWidth() {
        return (scale.thresholds().size() + 2) * SWATCH + labelWidth();
    }

    private void drawLegend(WritableRaster raster, int top) {
        int x = MARGIN;
        for (int number = 0; number < scale.thresholds().size(); number++) {
            int colour = ColourScale.classIndex(number);
            PixelFont.fill(raster, x, top + MARGIN, SWATCH, 10, colour);
            String bound = scale.thresholds().get(number).toString().replaceFirst("\\.0$", "");
            PixelFont.draw(raster, bound, x, top + 18, ColourScale.INK, TEXT);
            x += SWATCH;
        }
        PixelFont.draw(raster, scale.label(), x + MARGIN, top + MARGIN, ColourScale.INK, TEXT);
        x += SWATCH + 2 * MARGIN;
        PixelFont.fill(raster, x, top + MARGIN, SWATCH, 10, ColourScale.MISSING);
        PixelFont.draw(raster, "no data", x, top + 18, ColourScale.INK, TEXT);
    }
}
