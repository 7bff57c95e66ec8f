package io.nowcast.codec;

import io.nowcast.frames.GridShape;
import io.nowcast.frames.MapGrid;
import io.nowcast.frames.MapProjection;
import io.nowcast.frames.RainUnit;
import io.nowcast.projection.MapPlane;
import io.nowcast.projection.ProjectionException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads composites in the HDF5 of KNMI, <a
 * href="https://www.knmi.nl/kennis-en-datacentrum/publicatie/knmi-hdf5-data-format-specification-v3-5">KNMI
 * HDF5 data format specification, 3.5</a>: {@code image1}, whose calibration formula gives the
 * physical value of a pixel. Pixels without data and outside of the image are missing.
 */
final class KnmiReader {

    private static final String IMAGE = "image1";
    private static final String CALIBRATION = IMAGE + "/calibration";
    private static final Pattern FORMULA =
            Pattern.compile(
                    "GEO\\s*=\\s*([-+]?[\\d.]+(?:[eE][-+]?\\d+)?)\\s*\\*\\s*PV\\s*([-+]\\s*[\\d.]+(?:[eE][-+]?\\d+)?)?");

    private final Hdf5File file;

    private KnmiReader(Hdf5File file) {
        this.file = file;
    }

    static RadarFile open(Hdf5File file, CodecLimits limits) {
        return new KnmiReader(file).open(limits);
    }

    private RadarFile open(CodecLimits limits) {
        if (file.hasGroup("image2")) {
            throw new UnusableFramesException(
                    "%s: several images are forecasts or products of one time; expected image1 alone"
                            .formatted(file.name()));
        }
        Hdf5Dataset pixels =
                file.dataset(IMAGE + "/image_data")
                        .orElseThrow(() ->
                                new UnusableFramesException(
                                        file.name() + ": no dataset image1/image_data"));
        List<Long> shape = pixels.shape();
        if (shape.size() != 2 || shape.contains(0L)) {
            throw new UnusableFramesException(
                    "%s: image1/image_data has shape %s, expected rows and columns"
                            .formatted(file.name(), shape));
        }
        limits.admitFrame(file.name(), shape.getFirst(), shape.getLast());
        GridShape grid = new GridShape(shape.getFirst().intValue(), shape.getLast().intValue());
        RainUnit unit = unit();
        FrameContent content =
                FrameContent.of(grid, unit)
                        .accumulatedOver(accumulation(unit))
                        .on(Optional.of(map()));
        NumberMeaning meaning = meaning();
        return new RadarFile(
                file.name(),
                content,
                1,
                time("product_datetime_end").stream().toList(),
                (values, start) -> pixels.read(meaning, values, start));
    }

    private RainUnit unit() {
        String parameter = file.text(IMAGE, "image_geo_parameter").orElse("");
        String behind = parameter.substring(parameter.lastIndexOf('[') + 1);
        int end = behind.indexOf(']');
        String unit =
                (end < 0 ? behind : behind.substring(0, end)).toUpperCase(Locale.ROOT).strip();
        return switch (unit) {
            case "MM" -> RainUnit.MILLIMETRES;
            case "MM/H", "MM/HR", "MM/HOUR" -> RainUnit.MILLIMETRES_PER_HOUR;
            case "DBZ" -> RainUnit.DBZ;
            default ->
                    throw new UnusableFramesException(
                            "%s: image1/image_geo_parameter is '%s', expected one that ends in [MM], [MM/H] or [DBZ]"
                                    .formatted(file.name(), parameter));
        };
    }

    private Optional<Duration> accumulation(RainUnit unit) {
        Optional<Instant> start = time("product_datetime_start");
        Optional<Instant> end = time("product_datetime_end");
        return unit == RainUnit.MILLIMETRES && start.isPresent() && end.isPresent()
                ? Optional.of(Duration.between(start.get(), end.get()))
                : Optional.empty();
    }

    private Optional<Instant> time(String name) {
        return file.text("overview", name)
                .map(text ->
                        FileTime.ofKnmi(text)
                                .orElseThrow(() ->
                                        new UnusableFramesException(
                                                "%s: overview/%s is '%s', expected one like 26-AUG-2010;03:00:00.000"
                                                        .formatted(file.name(), name, text))));
    }

    private MapGrid map() {
        String definition =
                file.text("geographic/map_projection", "projection_proj4_params")
                        .orElseThrow(() ->
                                new UnusableFramesException(
                                        file.name()
                                                + ": no geographic/map_projection/projection_proj4_params"));
        double width = geographic("geo_pixel_size_x");
        double height = geographic("geo_pixel_size_y");
        boolean kilometres =
                file.text("geographic", "geo_dim_pixel").orElse("KM,KM").startsWith("KM");
        try {
            MapProjection projection = new MapProjection.ProjString(definition);
            MapPlane.of(projection);
            return new MapGrid(
                    projection,
                    kilometres ? MapGrid.Unit.KILOMETRE : MapGrid.Unit.METRE,
                    geographic("geo_column_offset") * width,
                    geographic("geo_row_offset") * height,
                    width,
                    -height);
        } catch (ProjectionException | IllegalArgumentException problem) {
            throw new UnusableFramesException(
                    file.name() + ": geographic: " + problem.getMessage());
        }
    }

    private double geographic(String name) {
        return file.number("geographic", name)
                .orElseThrow(() ->
                        new UnusableFramesException(
                                "%s: no geographic/%s".formatted(file.name(), name)));
    }

    private NumberMeaning meaning() {
        String formula = file.text(CALIBRATION, "calibration_formulas").orElse("");
        Matcher matcher = FORMULA.matcher(formula);
        if (!matcher.find()) {
            throw new UnusableFramesException(
                    "%s: image1/calibration/calibration_formulas is '%s', expected one like GEO=0.01*PV+0.0"
                            .formatted(file.name(), formula));
        }
        try {
            double factor = Double.parseDouble(matcher.group(1));
            double offset =
                    matcher.group(2) == null
                            ? 0
                            : Double.parseDouble(matcher.group(2).replace(" ", ""));
            double missing = marker("calibration_missing_data");
            double outside = marker("calibration_out_of_image");
            return raw ->
                    raw == missing || raw == outside ? Float.NaN : (float) (raw * factor + offset);
        } catch (NumberFormatException _) {
            throw new UnusableFramesException(
                    "%s: the numbers of the calibration formula '%s' cannot be read"
                            .formatted(file.name(), formula));
        }
    }

    private double marker(String name) {
        OptionalDouble marker = file.number(CALIBRATION, name);
        return marker.orElse(Double.NaN);
    }
}
