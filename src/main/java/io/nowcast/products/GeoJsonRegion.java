package io.nowcast.products;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a {@code Polygon} or {@code MultiPolygon} of GeoJSON, <a
 * href="https://www.rfc-editor.org/rfc/rfc7946#section-3.1.6">RFC 7946</a>, bare or as the geometry
 * of a {@code Feature}.
 */
public final class GeoJsonRegion {

    private static final int MOST_POSITIONS = 10_000;

    private GeoJsonRegion() {}

    /**
     * Reads the region.
     *
     * @throws IllegalArgumentException if it is no polygon
     */
    public static Region parse(String json) {
        JsonNode root;
        try {
            root = JsonMapper.shared().readTree(json);
        } catch (JacksonException problem) {
            throw new IllegalArgumentException("no JSON", problem);
        }
        JsonNode geometry = root.path("geometry").isObject() ? root.path("geometry") : root;
        JsonNode coordinates = geometry.path("coordinates");
        List<List<Region.Position>> rings = new ArrayList<>();
        switch (geometry.path("type").asString("")) {
            case "Polygon" -> addRings(coordinates, rings);
            case "MultiPolygon" -> coordinates.forEach(polygon -> addRings(polygon, rings));
            default -> throw new IllegalArgumentException("no polygon");
        }
        int positions = rings.stream().mapToInt(List::size).sum();
        if (rings.isEmpty() || positions > MOST_POSITIONS) {
            throw new IllegalArgumentException(
                    "a polygon has 4 to %d positions, got %d".formatted(MOST_POSITIONS, positions));
        }
        return new Region("polygon", rings);
    }

    private static void addRings(JsonNode polygon, List<List<Region.Position>> rings) {
        for (JsonNode ring : polygon) {
            List<Region.Position> positions = new ArrayList<>();
            for (JsonNode position : ring) {
                if (!isDegrees(position.path(0)) || !isDegrees(position.path(1))) {
                    throw new IllegalArgumentException("a position is [longitude, latitude]");
                }
                positions.add(
                        new Region.Position(
                                position.path(0).asDouble(), position.path(1).asDouble()));
            }
            if (positions.size() < 4 || !positions.getFirst().equals(positions.getLast())) {
                throw new IllegalArgumentException("a ring has at least 4 positions and is closed");
            }
            rings.add(positions);
        }
    }

    /** Integers may be of any length in JSON, and longer than a double holds. */
    private static boolean isDegrees(JsonNode number) {
        return number.isFloatingPointNumber() || (number.isNumber() && number.canConvertToInt());
    }
}
