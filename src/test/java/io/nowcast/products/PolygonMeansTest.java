package io.nowcast.products;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.MapGrid;
import io.nowcast.frames.MapProjection.ProjString;
import io.nowcast.frames.RainUnit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PolygonMeansTest {

    private static final Path REFERENCES =
            Path.of("src", "test", "resources", "products", "polygons.json");
    private static final ProjString DEGREES = new ProjString("+proj=longlat +ellps=WGS84");

    static Stream<JsonNode> references() throws IOException {
        return JsonMapper.shared().readTree(Files.readString(REFERENCES)).valueStream();
    }

    private static RegionSeries mean(String polygon, FrameSequence frames, MapGrid map) {
        return RegionPixels.of(GeoJsonRegion.parse(polygon), frames.grid(), map).means(frames);
    }

    /** Pixels by PROJ's inverse and Shapely, in make_polygons.py; sums of floats as doubles. */
    @ParameterizedTest
    @MethodSource("references")
    void findsThePixelsOfPolygonsOnAMap(JsonNode reference) {
        int height = reference.get("height").asInt();
        int width = reference.get("width").asInt();
        float[] values = new float[height * width];
        for (int pixel = 0; pixel < values.length; pixel++) {
            int row = pixel / width;
            values[pixel] = pixel % width + row / 10f;
        }
        double side = reference.get("pixel").asDouble();
        MapGrid map =
                new MapGrid(
                        new ProjString(reference.get("projection").asString()),
                        MapGrid.Unit.valueOf(reference.get("unit").asString()),
                        reference.get("west").asDouble(),
                        reference.get("north").asDouble(),
                        side,
                        side);

        RegionSeries series =
                mean(
                        reference.get("polygon").toString(),
                        new FrameSequence(
                                1,
                                new GridShape(height, width),
                                RainUnit.MILLIMETRES_PER_HOUR,
                                values),
                        map);

        assertThat(series.pixels()).isEqualTo(reference.get("pixels").asInt());
        // Tenths are not floats: each is off by half a unit in the last place of 43, 2e-6.
        assertThat(series.means().getFirst().orElseThrow())
                .isCloseTo(reference.get("mean").asDouble(), within(2e-6));
    }

    /** Four columns from 178 east and three rows from 54 north, numbered row by row. */
    private static RegionSeries overTheDateLine(String polygon, float... values) {
        return mean(
                polygon,
                new FrameSequence(
                        values.length / 12,
                        new GridShape(3, 4),
                        RainUnit.MILLIMETRES_PER_HOUR,
                        values),
                new MapGrid(DEGREES, MapGrid.Unit.DEGREE, 178, 54, 1, 1));
    }

    /**
     * Cut at the date line, as <a href="https://www.rfc-editor.org/rfc/rfc7946#section-3.1.9">RFC
     * 7946</a> asks: the pixels on both sides of it, those that are missing left out.
     */
    @Test
    void averagesOverBothPartsOfARegionAcrossTheDateLine() {
        String cut =
                """
                {"type": "MultiPolygon", "coordinates": [
                  [[[179,52],[180,52],[180,54],[179,54],[179,52]]],
                  [[[-180,52],[-179,52],[-179,54],[-180,54],[-180,52]]]]}
                """;
        float nan = Float.NaN;

        RegionSeries series =
                overTheDateLine(
                        cut, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, nan, 2, 3, 4, nan, 12, 7, 8,
                        9, 10, 11, 0, nan, nan, 3, 4, nan, nan, 7, 8, 9, 10, 11);

        assertThat(series.pixels()).isEqualTo(4);
        assertThat(series.means())
                .containsExactly(
                        Optional.of((1 + 2 + 5 + 6) / 4.0),
                        Optional.of((2 + 12) / 2.0),
                        Optional.empty());
    }

    /** A part in the hole of another, such as an island in a lake, is inside again. */
    @Test
    void countsAPartInTheHoleOfAnother() {
        float[] values = new float[49];
        Arrays.fill(values, 1);
        values[3 * 7 + 3] = 100;

        RegionSeries series =
                mean(
                        """
                        {"type": "MultiPolygon", "coordinates": [
                          [[[0,0],[7,0],[7,7],[0,7],[0,0]], [[2,2],[2,5],[5,5],[5,2],[2,2]]],
                          [[[3,3],[4,3],[4,4],[3,4],[3,3]]]]}
                        """,
                        new FrameSequence(
                                1, new GridShape(7, 7), RainUnit.MILLIMETRES_PER_HOUR, values),
                        new MapGrid(DEGREES, MapGrid.Unit.DEGREE, 0, 7, 1, 1));

        // 49 pixels without a hole of 9, of which the middle one is counted again.
        assertThat(series.pixels()).isEqualTo(41);
        assertThat(series.means()).containsExactly(Optional.of((40 + 100) / 41.0));
    }
}
