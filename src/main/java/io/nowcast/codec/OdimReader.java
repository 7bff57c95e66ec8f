package io.nowcast.codec;

import io.nowcast.frames.GridShape;
import io.nowcast.frames.MapGrid;
import io.nowcast.frames.MapProjection;
import io.nowcast.frames.RainUnit;
import io.nowcast.frames.ZrCoefficients;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Reads composites in ODIM_H5, <a
 * href="https://www.eumetnet.eu/wp-content/uploads/2021/07/ODIM_H5_v2.4.pdf">OPERA Data Information
 * Model for HDF5</a>, versions 2.0 to 2.4. The first quantity that is rain is read, from every
 * dataset that holds it; {@code nodata} is missing, {@code undetect} is dry. Without {@code gain}
 * and {@code offset} the numbers are the physical values.
 */
final class OdimReader {

    private final Hdf5File file;
    private final CodecLimits limits;

    private OdimReader(Hdf5File file, CodecLimits limits) {
        this.file = file;
        this.limits = limits;
    }

    static RadarFile open(Hdf5File file, CodecLimits limits) {
        return new OdimReader(file, limits).open();
    }

    private RadarFile open() {
        String object = file.text("what", "object").orElse("COMP");
        if (!object.equals("COMP") && !object.equals("IMAGE")) {
            throw new UnusableFramesException(
                    "%s: what/object is %s; expected a composite (COMP) or an image (IMAGE)"
                            .formatted(file.name(), object));
        }
        List<Layer> layers = layers();
        limits.admitFrames(file.name(), layers.size());
        Layer first = layers.getFirst();
        GridShape grid = grid(first);
        for (Layer layer : layers) {
            if (!grid(layer).equals(grid)) {
                throw new UnusableFramesException(
                        "%s: %s is %s, %s is %s"
                                .formatted(
                                        file.name(),
                                        layer.path(),
                                        grid(layer),
                                        first.path(),
                                        grid));
            }
        }
        FrameContent content =
                FrameContent.of(grid, unit(first.quantity()).orElseThrow())
                        .accumulatedOver(accumulation(first))
                        .on(map(first, grid))
                        .with(relation(first));
        return new RadarFile(
                file.name(),
                content,
                layers.size(),
                times(layers),
                (values, start) -> decode(layers, grid, values, start));
    }

    /** The data groups of the first quantity that is rain, by the number of their dataset. */
    private List<Layer> layers() {
        List<Layer> all = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (String dataset : numbered("/", "dataset")) {
            for (String data : numbered(dataset, "data")) {
                String path = dataset + "/" + data;
                String quantity = text(path, dataset, "what", "quantity").orElse("");
                if (unit(quantity).isPresent() && file.dataset(path + "/data").isPresent()) {
                    all.add(new Layer(path, dataset, quantity));
                } else {
                    others.add(path + " " + quantity);
                }
            }
        }
        if (all.isEmpty()) {
            throw new UnusableFramesException(
                    "%s: expected a quantity RATE, ACRR, DBZH, DBZV, TH or TV, got %s"
                            .formatted(file.name(), others.isEmpty() ? "no dataset" : others));
        }
        String quantity = all.getFirst().quantity();
        return all.stream().filter(layer -> layer.quantity().equals(quantity)).toList();
    }

    private List<String> numbered(String path, String prefix) {
        return file.children(path).stream()
                .filter(child -> child.matches(prefix + "\\d{1,4}"))
                .sorted(
                        Comparator.comparingInt(
                                child -> Integer.parseInt(child.substring(prefix.length()))))
                .toList();
    }

    private static Optional<RainUnit> unit(String quantity) {
        return switch (quantity) {
            case "RATE" -> Optional.of(RainUnit.MILLIMETRES_PER_HOUR);
            case "ACRR" -> Optional.of(RainUnit.MILLIMETRES);
            case "DBZH", "DBZV", "TH", "TV" -> Optional.of(RainUnit.DBZ);
            default -> Optional.empty();
        };
    }

    private GridShape grid(Layer layer) {
        List<Long> shape = pixels(layer).shape();
        if (shape.size() != 2 || shape.contains(0L)) {
            throw new UnusableFramesException(
                    "%s: %s/data has shape %s, expected rows and columns"
                            .formatted(file.name(), layer.path(), shape));
        }
        limits.admitFrame(file.name(), shape.getFirst(), shape.getLast());
        GridShape grid = new GridShape(shape.getFirst().intValue(), shape.getLast().intValue());
        double rows = number(layer, "where", "ysize").orElse(grid.height());
        double columns = number(layer, "where", "xsize").orElse(grid.width());
        if (rows != grid.height() || columns != grid.width()) {
            throw new UnusableFramesException(
                    "%s: where says %s rows and %s columns, %s/data has %s"
                            .formatted(file.name(), rows, columns, layer.path(), grid));
        }
        return grid;
    }

    private Hdf5Dataset pixels(Layer layer) {
        return file.dataset(layer.path() + "/data").orElseThrow();
    }

    private Optional<MapGrid> map(Layer layer, GridShape grid) {
        Optional<String> definition = text(layer.path(), layer.dataset(), "where", "projdef");
        if (definition.isEmpty()) {
            if (number(layer, "where", "projdef").isPresent()) {
                throw new UnusableFramesException(
                        "%s: where/projdef is the number %s, expected a PROJ string"
                                .formatted(
                                        file.name(),
                                        number(layer, "where", "projdef").getAsDouble()));
            }
            return Optional.empty();
        }
        return Optional.of(
                CornerGrid.of(
                        file.name() + ": where",
                        new MapProjection.ProjString(definition.get()),
                        MapGrid.Unit.METRE,
                        grid,
                        required(layer, "xscale"),
                        required(layer, "yscale"),
                        new CornerGrid.Corner(required(layer, "UL_lon"), required(layer, "UL_lat")),
                        new CornerGrid.Corner(
                                required(layer, "LR_lon"), required(layer, "LR_lat"))));
    }

    private double required(Layer layer, String name) {
        double number = number(layer, "where", name).orElse(Double.NaN);
        if (!Double.isFinite(number)) {
            throw new UnusableFramesException(
                    "%s: where/%s is %s, expected a finite number beside where/projdef"
                            .formatted(
                                    file.name(),
                                    name,
                                    number(layer, "where", name).isPresent()
                                            ? Double.toString(number)
                                            : "absent"));
        }
        return number;
    }

    private Optional<ZrCoefficients> relation(Layer layer) {
        OptionalDouble a = number(layer, "how", "zr_a");
        OptionalDouble b = number(layer, "how", "zr_b");
        if (a.isEmpty() || b.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ZrCoefficients(a.getAsDouble(), b.getAsDouble()));
        } catch (IllegalArgumentException problem) {
            throw new UnusableFramesException(file.name() + ": how: " + problem.getMessage());
        }
    }

    private Optional<Duration> accumulation(Layer layer) {
        if (unit(layer.quantity()).orElseThrow() != RainUnit.MILLIMETRES) {
            return Optional.empty();
        }
        Optional<Instant> start = time(layer, "startdate", "starttime");
        Optional<Instant> end = time(layer, "enddate", "endtime");
        return start.isPresent() && end.isPresent()
                ? Optional.of(Duration.between(start.get(), end.get()))
                : Optional.empty();
    }

    /** The nominal time of a file with one frame, the end of each frame's own span otherwise. */
    private List<Instant> times(List<Layer> layers) {
        if (layers.size() == 1) {
            return time(layers.getFirst(), "date", "time").stream().toList();
        }
        List<Instant> times = new ArrayList<>();
        for (Layer layer : layers) {
            times.add(
                    time(layer, "enddate", "endtime")
                            .orElseThrow(() ->
                                    new UnusableFramesException(
                                            "%s: %s has no what/enddate and what/endtime, as each of several frames needs"
                                                    .formatted(file.name(), layer.dataset()))));
        }
        return times;
    }

    private Optional<Instant> time(Layer layer, String date, String time) {
        Optional<String> day = text(layer.path(), layer.dataset(), "what", date);
        Optional<String> hour = text(layer.path(), layer.dataset(), "what", time);
        if (day.isEmpty() || hour.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                FileTime.ofDateAndTime(day.get(), hour.get())
                        .orElseThrow(() ->
                                new UnusableFramesException(
                                        "%s: what/%s and what/%s are '%s' and '%s', expected YYYYMMDD and HHmmss"
                                                .formatted(
                                                        file.name(),
                                                        date,
                                                        time,
                                                        day.get(),
                                                        hour.get()))));
    }

    private void decode(List<Layer> layers, GridShape grid, float[] values, int start) {
        int frame = start;
        for (Layer layer : layers) {
            Hdf5Dataset pixels = pixels(layer);
            pixels.read(meaning(layer, pixels.singlePrecision()), values, frame);
            frame += (int) grid.pixels();
        }
    }

    private NumberMeaning meaning(Layer layer, boolean singlePrecision) {
        double gain = number(layer, "what", "gain").orElse(1);
        double offset = number(layer, "what", "offset").orElse(0);
        double nodata = stored(number(layer, "what", "nodata"), singlePrecision);
        double undetect = stored(number(layer, "what", "undetect"), singlePrecision);
        float dry = DryValue.of(unit(layer.quantity()).orElseThrow());
        return raw -> {
            if (raw == nodata) {
                return Float.NaN;
            }
            return raw == undetect ? dry : (float) (raw * gain + offset);
        };
    }

    /** A marker as it is among the numbers; NaN, which equals none, where there is no marker. */
    private static double stored(OptionalDouble marker, boolean singlePrecision) {
        double value = marker.orElse(Double.NaN);
        return singlePrecision ? (float) value : value;
    }

    /** An attribute of the data group, else of its dataset, else of the file. */
    private Optional<String> text(String path, String dataset, String group, String name) {
        return file.text(path + "/" + group, name)
                .or(() -> file.text(dataset + "/" + group, name))
                .or(() -> file.text(group, name));
    }

    private OptionalDouble number(Layer layer, String group, String name) {
        for (String holder : List.of(layer.path() + "/", layer.dataset() + "/", "")) {
            OptionalDouble number = file.number(holder + group, name);
            if (number.isPresent()) {
                return number;
            }
        }
        return OptionalDouble.empty();
    }

    /**
     * A data group to read.
     *
     * @param path of the group, such as {@code dataset1/data1}
     */
    private record Layer(String path, String dataset, String quantity) {}
}
