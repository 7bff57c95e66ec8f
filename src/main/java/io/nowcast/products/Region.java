package io.nowcast.products;

import io.nowcast.frames.GridShape;
import io.nowcast.frames.MapGrid;
import io.nowcast.projection.MapPlane;
import io.nowcast.projection.ProjectionException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * A place of which a time series is wanted, in degrees of longitude and latitude.
 *
 * @param name for people
 * @param rings the lines that bound it, each closed; a pixel is inside where an odd number of them
 *     is around its centre, so that a ring within another is a hole. A single position is the pixel
 *     that holds it
 */
public record Region(String name, List<List<Position>> rings) {

    /** Parts that an edge is projected in: straight in degrees is bent on a map. */
    private static final int PARTS = 16;

    /** Degrees: grids count longitudes from -180, 0 or beyond, and places are told in any way. */
    private static final int[] TURNS = {-720, -360, 0, 360, 720};

    private static final int[] NO_TURN = {0};

    public Region {
        rings = rings.stream().map(List::copyOf).toList();
    }

    /** A longitude and a latitude. */
    public record Position(double longitude, double latitude) {

        public Position {
            boolean sound =
                    Double.isFinite(longitude)
                            && Double.isFinite(latitude)
                            && Math.abs(longitude) <= 360
                            && Math.abs(latitude) <= 90;
            if (!sound) {
                throw new IllegalArgumentException(
                        "expected degrees of longitude and latitude, got %s and %s"
                                .formatted(longitude, latitude));
            }
        }
    }

    /** The pixel that holds a place. */
    public static Region point(double longitude, double latitude) {
        String name = String.format(Locale.ROOT, "%s,%s", longitude, latitude);
        return new Region(name, List.of(List.of(new Position(longitude, latitude))));
    }

    /** The pixels between two meridians and two parallels. */
    public static Region box(double west, double south, double east, double north) {
        if (!(west < east && south < north)) {
            throw new IllegalArgumentException("a box is west,south,east,north");
        }
        return new Region(
                "box",
                List.of(
                        List.of(
                                new Position(west, south),
                                new Position(east, south),
                                new Position(east, north),
                                new Position(west, north),
                                new Position(west, south))));
    }

    /**
     * The pixels of the region, by their place in a row-major frame.
     *
     * @throws ProductException if it holds no pixel's centre, or cannot be projected
     */
    BitSet pixels(GridShape shape, MapGrid map) {
        try {
            MapPlane plane = MapPlane.of(map);
            BitSet pixels = new BitSet();
            for (int turn : plane.geographic() ? TURNS : NO_TURN) {
                pixels.or(
                        rings.size() == 1 && rings.getFirst().size() == 1
                                ? pixel(shape, map, plane, turn)
                                : inside(shape, map, plane, turn));
            }
            if (pixels.isEmpty()) {
                throw new ProductException(
                        "region '%s' holds no pixel of the grid".formatted(name));
            }
            return pixels;
        } catch (ProjectionException problem) {
            throw new ProductException("region '%s': %s".formatted(name, problem.getMessage()));
        }
    }

    private BitSet pixel(GridShape shape, MapGrid map, MapPlane plane, int turn) {
        Position position = rings.getFirst().getFirst();
        MapPlane.Point point = plane.point(position.longitude() + turn, position.latitude());
        double row = Math.floor(map.row(point.y()));
        double column = Math.floor(map.column(point.x()));
        BitSet pixels = new BitSet();
        if (row >= 0 && row < shape.height() && column >= 0 && column < shape.width()) {
            pixels.set(shape.width() * (int) row + (int) column);
        }
        return pixels;
    }

    /** Even-odd rule, a row of pixel centres after the other. */
    private BitSet inside(GridShape shape, MapGrid map, MapPlane plane, int turn) {
        List<Edge> edges = edges(map, plane, turn);
        BitSet pixels = new BitSet();
        for (int row = 0; row < shape.height(); row++) {
            double centre = row + 0.5;
            List<Double> crossings = new ArrayList<>();
            for (Edge edge : edges) {
                if (edge.y0() <= centre != edge.y1() <= centre) {
                    double share = (centre - edge.y0()) / (edge.y1() - edge.y0());
                    crossings.add(edge.x0() + share * (edge.x1() - edge.x0()));
                }
            }
            crossings.sort(Double::compare);
            for (int index = 0; index + 1 < crossings.size(); index += 2) {
                int from = column(crossings.get(index), shape);
                int to = column(crossings.get(index + 1), shape);
                pixels.set(row * shape.width() + from, row * shape.width() + to);
            }
        }
        return pixels;
    }

    /** The first column whose centre lies at or beyond a crossing. */
    private static int column(double crossing, GridShape shape) {
        double first = Math.clamp(Math.ceil(crossing - 0.5), 0.0, shape.width());
        return (int) first;
    }

    /** The bounds in columns and rows. */
    private List<Edge> edges(MapGrid map, MapPlane plane, int turn) {
        List<Edge> edges = new ArrayList<>();
        for (List<Position> ring : rings) {
            for (int index = 0; index + 1 < ring.size(); index++) {
                Position start = ring.get(index);
                Position end = ring.get(index + 1);
                MapPlane.Point before = plane.point(start.longitude() + turn, start.latitude());
                for (int part = 1; part <= PARTS; part++) {
                    double share = part / (double) PARTS;
                    MapPlane.Point after =
                            plane.point(
                                    start.longitude()
                                            + share * (end.longitude() - start.longitude())
                                            + turn,
                                    start.latitude() + share * (end.latitude() - start.latitude()));
                    edges.add(
                            new Edge(
                                    map.column(before.x()),
                                    map.row(before.y()),
                                    map.column(after.x()),
                                    map.row(after.y())));
                    before = after;
                }
            }
        }
        return edges;
    }

    private record Edge(double x0, double y0, double x1, double y1) {}
}
