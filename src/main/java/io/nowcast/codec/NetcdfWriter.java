package io.nowcast.codec;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.LeadTimes;
import io.nowcast.frames.MapGrid;
import io.nowcast.frames.RainUnit;
import io.nowcast.projection.CfAttributes;
import io.nowcast.projection.ProjectionException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes a forecast as NetCDF under CF-1.8: float32 {@code [time, y, x]}, NaN where missing; {@code
 * time} in seconds since the reference time; {@code x} and {@code y} of the pixels' centres with a
 * grid mapping where the grid's place is known, pixel numbers otherwise.
 */
final class NetcdfWriter {

    private static final String MAPPING = "projection";
    private static final String UNNAMED = "the grid's projection has no CF name; see proj4_params";

    private NetcdfWriter() {}

    static void write(ForecastDocument document, OutputStream out) throws IOException {
        FrameSequence forecast = document.onlySequence();
        NetcdfLayout layout = new NetcdfLayout();
        int time = layout.dimension("time", forecast.length());
        int y = layout.dimension("y", document.grid().height());
        int x = layout.dimension("x", document.grid().width());
        layout.global("Conventions", "CF-1.8");
        layout.global("title", "Precipitation nowcast");
        document.metadata().forEach((key, value) -> layout.global("nowcast_" + key, said(value)));
        LeadTimes leadTimes = document.leadTimes();
        layout.variable("time", List.of(time), leadSeconds(leadTimes), timeAttributes(leadTimes));
        leadTimes.referenceTime().ifPresent(reference -> addReference(layout, reference));
        Map<String, Object> rain = rainAttributes(document.unit());
        Optional<MapGrid> map = document.map();
        if (map.isPresent()) {
            addMapping(layout, map.get());
            rain.put("grid_mapping", MAPPING);
        }
        layout.variable("y", List.of(y), rows(document), axis("Y", map));
        layout.variable("x", List.of(x), columns(document), axis("X", map));
        layout.variable(name(document.unit()), List.of(time, y, x), forecast.values(), rain);
        layout.write(out);
    }

    private static String said(Object value) {
        return String.valueOf(value);
    }

    private static double[] leadSeconds(LeadTimes leadTimes) {
        return leadTimes.leads().stream().mapToDouble(NetcdfWriter::seconds).toArray();
    }

    private static double seconds(Duration lead) {
        return lead.toMillis() / 1000.0;
    }

    private static Map<String, Object> timeAttributes(LeadTimes leadTimes) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        if (leadTimes.referenceTime().isPresent()) {
            attributes.put("standard_name", "time");
            attributes.put(
                    "units",
                    "seconds since "
                            + leadTimes
                                    .referenceTime()
                                    .get()
                                    .toString()
                                    .replace("T", " ")
                                    .replace("Z", ""));
            attributes.put("calendar", "standard");
        } else {
            attributes.put("standard_name", "forecast_period");
            attributes.put("units", "s");
        }
        attributes.put("axis", "T");
        return attributes;
    }

    private static void addReference(NetcdfLayout layout, Instant reference) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("standard_name", "forecast_reference_time");
        attributes.put("units", "seconds since 1970-01-01 00:00:00");
        attributes.put("calendar", "standard");
        layout.variable(
                "forecast_reference_time",
                List.of(),
                new double[] {reference.toEpochMilli() / 1000.0},
                attributes);
    }

    private static void addMapping(NetcdfLayout layout, MapGrid map) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        try {
            attributes.putAll(CfAttributes.of(map.projection()).attributes());
        } catch (ProjectionException problem) {
            attributes.put("comment", UNNAMED + ": " + problem.getMessage());
        }
        layout.variable(MAPPING, List.of(), new double[] {0}, attributes);
    }

    private static double[] columns(ForecastDocument document) {
        double[] centres = new double[document.grid().width()];
        for (int column = 0; column < centres.length; column++) {
            int index = column;
            centres[column] = document.map().map(map -> map.x(index)).orElse((double) index);
        }
        return centres;
    }

    private static double[] rows(ForecastDocument document) {
        double[] centres = new double[document.grid().height()];
        for (int row = 0; row < centres.length; row++) {
            int index = row;
            centres[row] = document.map().map(map -> map.y(index)).orElse((double) index);
        }
        return centres;
    }

    private static Map<String, Object> axis(String letter, Optional<MapGrid> map) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        if (map.isEmpty()) {
            attributes.put(
                    "long_name", letter.equals("X") ? "column" : "row, 0 is the northern edge");
            attributes.put("units", "1");
            return attributes;
        }
        boolean east = letter.equals("X");
        attributes.put("axis", letter);
        if (map.get().unit() == MapGrid.Unit.DEGREE) {
            attributes.put("standard_name", east ? "longitude" : "latitude");
            attributes.put("units", east ? "degrees_east" : "degrees_north");
        } else {
            attributes.put(
                    "standard_name", east ? "projection_x_coordinate" : "projection_y_coordinate");
            attributes.put("units", map.get().unit().symbol());
        }
        return attributes;
    }

    private static String name(RainUnit unit) {
        return switch (unit) {
            case MILLIMETRES_PER_HOUR -> "precip_intensity";
            case MILLIMETRES -> "precip_accum";
            case DBZ -> "reflectivity";
            case MODEL -> "model_value";
            case NONE -> "exceedance";
        };
    }

    private static Map<String, Object> rainAttributes(RainUnit unit) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        List<String> names =
                switch (unit) {
                    case MILLIMETRES_PER_HOUR ->
                            List.of("lwe_precipitation_rate", "rain rate", "mm h-1");
                    case MILLIMETRES ->
                            List.of(
                                    "lwe_thickness_of_precipitation_amount",
                                    "rain since the time before",
                                    "mm");
                    case DBZ ->
                            List.of("equivalent_reflectivity_factor", "radar reflectivity", "dBZ");
                    case MODEL -> List.of("", "the model's own number", "1");
                    case NONE -> List.of("", "1 where the threshold is reached", "1");
                };
        if (!names.getFirst().isEmpty()) {
            attributes.put("standard_name", names.getFirst());
        }
        attributes.put("long_name", names.get(1));
        attributes.put("units", names.get(2));
        attributes.put("_FillValue", Float.NaN);
        if (unit == RainUnit.MILLIMETRES) {
            attributes.put("cell_methods", "time: sum");
        }
        return attributes;
    }
}
