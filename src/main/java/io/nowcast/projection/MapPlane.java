package io.nowcast.projection;

import io.nowcast.frames.MapGrid;
import io.nowcast.frames.MapProjection;
import java.util.Map;
import org.locationtech.proj4j.CRSFactory;
import org.locationtech.proj4j.Proj4jException;
import org.locationtech.proj4j.ProjCoordinate;
import org.locationtech.proj4j.proj.Projection;

/**
 * The plane of a projection: finds where a longitude and latitude lie in it. No datum is shifted:
 * radar composites give both on the ellipsoid of their projection, and a shift is far less than a
 * pixel.
 */
public final class MapPlane {

    private final String definition;
    private final boolean geographic;
    private final Projection projection;
    private final double scale;

    private MapPlane(String definition, boolean geographic, Projection projection, double scale) {
        this.definition = definition;
        this.geographic = geographic;
        this.projection = projection;
        this.scale = scale;
    }

    /**
     * The plane that a grid lies in, in the grid's own unit: grid mappings and GeoKeys tell the
     * earth in metres also where their coordinates are in kilometres.
     *
     * @throws ProjectionException if its projection cannot be understood
     */
    public static MapPlane of(MapGrid map) {
        MapPlane plane = of(map.projection());
        ProjParameters parameters = ProjDefinition.of(map.projection());
        boolean kilometres =
                parameters.text("units").orElse("").equals("km")
                        || Ellipsoid.inKilometres(parameters);
        return map.unit() == MapGrid.Unit.KILOMETRE && !kilometres
                ? new MapPlane(plane.definition, plane.geographic, plane.projection, 1e-3)
                : plane;
    }

    /**
     * The plane of a projection.
     *
     * @throws ProjectionException if it cannot be understood
     */
    public static MapPlane of(MapProjection projection) {
        ProjParameters parameters = ProjDefinition.of(projection);
        String definition = parameters.definition();
        boolean geographic = parameters.isGeographic();
        try {
            Projection found =
                    new CRSFactory()
                            .createFromParameters(
                                    "grid", geographic ? "+proj=longlat" : usable(parameters))
                            .getProjection();
            return new MapPlane(definition, geographic, found, 1);
        } catch (Proj4jException | IllegalArgumentException | IllegalStateException problem) {
            throw new ProjectionException(
                    "the projection '%s' cannot be used: %s"
                            .formatted(definition, problem.getMessage()),
                    problem);
        }
    }

    /**
     * The definition as Proj4J needs it: it does not see that {@code +R} makes a sphere; of
     * Mercator it knows the scale at the equator, but not the parallel of true scale (Snyder 1987,
     * Map Projections: A Working Manual, page 47); and where a stereographic projection does not
     * say so, it takes the pole for the centre and the equator for the parallel of true scale, PROJ
     * the equator and the pole.
     */
    private static String usable(ProjParameters parameters) {
        Map<String, String> values = parameters.plane();
        String radius = values.remove("R");
        if (radius != null) {
            values.put("a", radius);
            values.put("b", radius);
        }
        String name = parameters.text("proj").orElse("");
        if (name.equals("stere")) {
            String centre = values.computeIfAbsent("lat_0", _ -> "0");
            if (Math.abs(parameters.number("lat_0").orElse(0)) == 90) {
                values.putIfAbsent("lat_ts", centre);
            }
        }
        if (name.equals("merc") && values.remove("lat_ts") != null) {
            double sine = Math.sin(Math.toRadians(parameters.number("lat_ts").orElse(0)));
            Ellipsoid earth = Ellipsoid.of(parameters);
            double axes = earth.semiMinorAxis() / earth.semiMajorAxis();
            double scale =
                    Math.sqrt(1 - sine * sine) / Math.sqrt(1 - (1 - axes * axes) * sine * sine);
            values.put("k_0", Double.toString(scale));
        }
        return new ProjParameters(values).definition();
    }

    /** Whether coordinates are longitudes and latitudes themselves. */
    public boolean geographic() {
        return geographic;
    }

    /**
     * Where a place lies, in the unit of the projection.
     *
     * @param longitude in degrees east
     * @param latitude in degrees north
     * @throws ProjectionException if the projection does not show it
     */
    public Point point(double longitude, double latitude) {
        if (geographic) {
            return new Point(longitude, latitude);
        }
        double furthest = Math.max(Math.abs(longitude), Math.abs(latitude));
        if (furthest > ProjParameters.FURTHEST_DEGREES) {
            throw unseen(longitude, latitude);
        }
        ProjCoordinate target = new ProjCoordinate();
        try {
            projection.project(new ProjCoordinate(longitude, latitude), target);
        } catch (Proj4jException outside) {
            throw unseen(longitude, latitude);
        }
        if (!Double.isFinite(target.x) || !Double.isFinite(target.y)) {
            throw unseen(longitude, latitude);
        }
        return new Point(target.x * scale, target.y * scale);
    }

    private ProjectionException unseen(double longitude, double latitude) {
        return new ProjectionException(
                "longitude %s, latitude %s is not in the projection '%s'"
                        .formatted(longitude, latitude, definition));
    }

    /** A point in the plane. */
    public record Point(double x, double y) {}
}
