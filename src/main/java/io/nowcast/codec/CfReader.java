package io.nowcast.codec;

import io.nowcast.frames.GridShape;
import io.nowcast.frames.MapGrid;
import io.nowcast.frames.MapProjection;
import io.nowcast.frames.RainUnit;
import io.nowcast.projection.MapPlane;
import io.nowcast.projection.ProjectionException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads gridded rain under the <a
 * href="https://cfconventions.org/cf-conventions/cf-conventions.html">CF conventions</a>: the first
 * variable {@code [time, y, x]} or {@code [y, x]} whose {@code units} are those of rain, with the
 * one-dimensional coordinates that fit it. Rows that come south first are turned.
 */
final class CfReader {

    private final CodecLimits limits;

    CfReader(CodecLimits limits) {
        this.limits = limits;
    }

    RadarFile open(String file, CfSource source) {
        String rain =
                source.variables().stream()
                        .filter(name -> isRain(source, name))
                        .findFirst()
                        .orElseThrow(() -> noRain(file, source));
        CfVariable variable = source.variable(rain);
        List<Long> shape = variable.shape();
        int rank = shape.size();
        long frames = rank == 3 ? shape.getFirst() : 1;
        limits.admit(file, 1, frames, shape.get(rank - 2), shape.get(rank - 1));
        if (shape.contains(0L)) {
            throw new UnusableFramesException(
                    "%s: %s has shape %s, which has no pixels".formatted(file, rain, shape));
        }
        GridShape grid =
                new GridShape(shape.get(rank - 2).intValue(), shape.get(rank - 1).intValue());
        CfUnit unit = CfUnit.of(source.text(rain, "units").orElse("")).orElseThrow();
        Axes axes = axes(file, source, grid);
        List<Instant> times = times(file, source, rain, (int) frames);
        FrameContent content =
                FrameContent.of(grid, unit.unit())
                        .on(map(file, source, rain, axes))
                        .accumulatedOver(accumulation(unit.unit(), times));
        return new RadarFile(
                file,
                content,
                (int) frames,
                times,
                (values, start) -> {
                    NumberMeaning meaning =
                            meaning(source, rain, unit.factor(), variable.singlePrecision());
                    variable.read(meaning, values, start);
                    if (axes.southFirst()) {
                        turn(values, start, (int) frames, grid);
                    }
                });
    }

    private static boolean isRain(CfSource source, String name) {
        CfVariable variable = source.variable(name);
        int rank = variable.shape().size();
        return (rank == 2 || rank == 3)
                && variable.numeric()
                && CfUnit.of(source.text(name, "units").orElse("")).isPresent();
    }

    private static UnusableFramesException noRain(String file, CfSource source) {
        return new UnusableFramesException(
                "%s: expected a variable [time, y, x] or [y, x] with units of rain (%s), got %s"
                        .formatted(
                                file,
                                CfUnit.KNOWN,
                                source.variables().stream()
                                        .limit(20)
                                        .map(name ->
                                                "%s %s in '%s'"
                                                        .formatted(
                                                                name,
                                                                source.variable(name).shape(),
                                                                source.text(name, "units")
                                                                        .orElse("")))
                                        .toList()));
    }

    private NumberMeaning meaning(
            CfSource source, String rain, double unitFactor, boolean singlePrecision) {
        double[] fills = new double[2];
        fills[0] = number(source, rain, "_FillValue", Double.NaN);
        fills[1] = number(source, rain, "missing_value", Double.NaN);
        if (singlePrecision) {
            fills[0] = (float) fills[0];
            fills[1] = (float) fills[1];
        }
        double factor = number(source, rain, "scale_factor", 1) * unitFactor;
        double offset = number(source, rain, "add_offset", 0) * unitFactor;
        return raw ->
                raw == fills[0] || raw == fills[1] ? Float.NaN : (float) (raw * factor + offset);
    }

    private static double number(CfSource source, String variable, String name, double absent) {
        List<Double> numbers = source.numbers(variable, name);
        return numbers.isEmpty() ? absent : numbers.getFirst();
    }

    private static void turn(float[] values, int start, int frames, GridShape grid) {
        int width = grid.width();
        float[] row = new float[width];
        for (int frame = 0; frame < frames; frame++) {
            int first = start + frame * (int) grid.pixels();
            for (int upper = 0; upper < grid.height() / 2; upper++) {
                int top = first + upper * width;
                int bottom = first + (grid.height() - 1 - upper) * width;
                System.arraycopy(values, top, row, 0, width);
                System.arraycopy(values, bottom, values, top, width);
                System.arraycopy(row, 0, values, bottom, width);
            }
        }
    }

    /** The centres of columns and rows; those of a file without coordinates are not known. */
    private Axes axes(String file, CfSource source, GridShape grid) {
        Optional<String> x = axis(source, "X", "longitude|projection_x_coordinate", grid.width());
        Optional<String> y = axis(source, "Y", "latitude|projection_y_coordinate", grid.height());
        if (x.isEmpty() || y.isEmpty()) {
            return new Axes(Optional.empty(), Optional.empty(), false, "");
        }
        Spacing columns = spacing(file, x.get(), source.variable(x.get()).coordinate());
        Spacing rows = spacing(file, y.get(), source.variable(y.get()).coordinate());
        if (columns.step() <= 0) {
            throw new UnusableFramesException(
                    "%s: %s must increase from column to column".formatted(file, x.get()));
        }
        return new Axes(
                Optional.of(columns),
                Optional.of(rows),
                rows.step() > 0,
                source.text(x.get(), "units").orElse(""));
    }

    private Optional<String> axis(CfSource source, String letter, String standard, int length) {
        String names = letter.equals("X") ? "x|lon|longitude" : "y|lat|latitude";
        return source.variables().stream()
                .filter(name -> {
                    CfVariable variable = source.variable(name);
                    return variable.shape().equals(List.of((long) length))
                            && variable.numeric()
                            && (source.text(name, "axis").orElse("").equals(letter)
                                    || source.text(name, "standard_name")
                                            .orElse("")
                                            .matches(standard)
                                    || name.toLowerCase(Locale.ROOT).matches(names));
                })
                .findFirst();
    }

    private static Spacing spacing(String file, String axis, double[] centres) {
        double step =
                centres.length == 1
                        ? 1
                        : (centres[centres.length - 1] - centres[0]) / (centres.length - 1);
        for (int index = 0; index < centres.length; index++) {
            double expected = centres[0] + index * step;
            if (!(Math.abs(centres[index] - expected) <= 0.1 * Math.abs(step)) || step == 0) {
                throw new UnusableFramesException(
                        "%s: %s must be equally spaced; number %d is %s, expected %s"
                                .formatted(file, axis, index, centres[index], expected));
            }
        }
        return new Spacing(centres[0], step, centres.length);
    }

    private static Optional<MapGrid> map(String file, CfSource source, String rain, Axes axes) {
        if (axes.columns().isEmpty() || axes.rows().isEmpty()) {
            return Optional.empty();
        }
        Optional<String> mapping =
                source.text(rain, "grid_mapping")
                        .map(text -> text.replaceFirst(":.*", "").strip())
                        .filter(source.variables()::contains);
        MapGrid.Unit unit =
                switch (axes.unit()) {
                    case "m", "meter", "metre", "meters", "metres" -> MapGrid.Unit.METRE;
                    case "km", "kilometer", "kilometre", "kilometers" -> MapGrid.Unit.KILOMETRE;
                    case String degrees when degrees.startsWith("degree") -> MapGrid.Unit.DEGREE;
                    default ->
                            throw new UnusableFramesException(
                                    "%s: the units of x are '%s', expected m, km or degrees_east"
                                            .formatted(file, axes.unit()));
                };
        if (mapping.isEmpty() && unit != MapGrid.Unit.DEGREE) {
            return Optional.empty();
        }
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("grid_mapping_name", "latitude_longitude");
        mapping.ifPresent(name -> attributes.putAll(attributes(source, name)));
        Spacing columns = axes.columns().get();
        Spacing rows = axes.rows().get();
        double height = Math.abs(rows.step());
        double northmost = Math.max(rows.first(), rows.first() + (rows.count() - 1) * rows.step());
        MapProjection projection = new MapProjection.GridMapping(attributes);
        try {
            MapPlane.of(projection);
            return Optional.of(
                    new MapGrid(
                            projection,
                            unit,
                            columns.first() - columns.step() / 2,
                            northmost + height / 2,
                            columns.step(),
                            height));
        } catch (ProjectionException | IllegalArgumentException problem) {
            throw new UnusableFramesException(
                    "%s: %s: %s".formatted(file, mapping.orElse(rain), problem.getMessage()));
        }
    }

    private static Map<String, Object> attributes(CfSource source, String variable) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        for (String name : source.attributes(variable)) {
            List<Double> numbers = source.numbers(variable, name);
            Object value = numbers.size() == 1 ? numbers.getFirst() : numbers;
            source.text(variable, name)
                    .ifPresentOrElse(
                            text -> attributes.put(name, text),
                            () -> {
                                if (!numbers.isEmpty()) {
                                    attributes.put(name, value);
                                }
                            });
        }
        return attributes;
    }

    private static List<Instant> times(String file, CfSource source, String rain, int frames) {
        Optional<String> name =
                source.variables().stream()
                        .filter(variable ->
                                CfTime.isTime(source.text(variable, "units").orElse("")))
                        .filter(variable -> !variable.equals(rain))
                        .filter(variable -> source.variable(variable).size() == frames)
                        // A reference time is a single time too, where there is a single frame.
                        .sorted((a, b) -> Boolean.compare(b.equals("time"), a.equals("time")))
                        .findFirst();
        if (name.isEmpty()) {
            if (frames > 1) {
                throw new UnusableFramesException(
                        "%s: %s has %d frames, but no variable has their times ('seconds since ...')"
                                .formatted(file, rain, frames));
            }
            return FileTime.ofName(file).stream().toList();
        }
        CfTime time =
                CfTime.parse(
                        file + ": " + name.get(),
                        source.text(name.get(), "units").orElse(""),
                        source.text(name.get(), "calendar").orElse("standard"));
        return Arrays.stream(source.variable(name.get()).coordinate())
                .mapToObj(time::instant)
                .collect(Collectors.toList());
    }

    private static Optional<Duration> accumulation(RainUnit unit, List<Instant> times) {
        return unit == RainUnit.MILLIMETRES && times.size() > 1
                ? Optional.of(Duration.between(times.getFirst(), times.get(1)))
                : Optional.empty();
    }

    /** Equally spaced numbers. */
    private record Spacing(double first, double step, int count) {}

    /**
     * The coordinates of a grid.
     *
     * @param unit of x
     */
    private record Axes(
            Optional<Spacing> columns, Optional<Spacing> rows, boolean southFirst, String unit) {}
}
