package io.nowcast.products;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.LeadTimes;
import io.nowcast.frames.MapGrid;
import io.nowcast.frames.MapProjection;
import io.nowcast.frames.RainUnit;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProductTest {

    private static final float NAN = Float.NaN;
    private static final LeadTimes FOUR = new LeadTimes(Duration.ofMinutes(5), 4, Optional.empty());

    /** Degrees: columns 10..14 east, rows 54..50 north, one degree a pixel. */
    private static final MapGrid DEGREES =
            new MapGrid(
                    new MapProjection.ProjString("+proj=longlat +ellps=WGS84"),
                    MapGrid.Unit.DEGREE,
                    10,
                    54,
                    1,
                    1);

    private static ForecastField rain(float... values) {
        return new ForecastField(
                new FrameSequence(
                        4,
                        new GridShape(1, values.length / 4),
                        RainUnit.MILLIMETRES_PER_HOUR,
                        values),
                FOUR);
    }

    /** 12 mm/h for 5 minutes is 1 mm. */
    @Test
    void sumsRatesToDepths() {
        ForecastField halves =
                Product.parse("accumulation:PT10M").of(rain(12, 0, 24, NAN, 6, 6, 0, 12));
        ForecastField whole = Product.parse("accumulation").of(rain(12, 0, 24, NAN, 6, 6, 0, 12));

        assertThat(halves.frames().values()).containsExactly(3, NAN, 0.5f, 1.5f);
        assertThat(halves.frames().unit()).isEqualTo(RainUnit.MILLIMETRES);
        assertThat(halves.leadTimes().leads())
                .containsExactly(Duration.ofMinutes(10), Duration.ofMinutes(20));
        assertThat(whole.frames().values()).containsExactly(3.5f, NAN);
    }

    /** No rain that was forecast is left out of the sums unsaid. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PT7M  | PT7M is no multiple of PT5M",
                "PT15M | PT15M (3 steps) do not divide the forecast of PT20M (4 steps)",
                "PT25M | PT25M (5 steps) do not divide the forecast of PT20M (4 steps)"
            })
    void refusesPeriodsThatDoNotFit(String period, String message) {
        Product product = Product.parse("accumulation:" + period);

        assertThatThrownBy(() -> product.leadTimes(FOUR))
                .isInstanceOf(ProductException.class)
                .hasMessageContaining(message);
    }

    @Test
    void masksWhatReachesAThreshold() {
        assertThat(Product.parse("exceedance:10").of(rain(9, 10, NAN, 11)).frames().values())
                .containsExactly(0, 1, NAN, 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rain",
                "accumulation:x",
                "accumulation:PT0S",
                "exceedance",
                "exceedance:x",
                "exceedance:NaN"
            })
    void refusesWhatIsNoProduct(String text) {
        assertThatThrownBy(() -> Product.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    private static FrameSequence numbered() {
        float[] values = new float[20];
        for (int index = 0; index < 20; index++) {
            values[index] = index;
        }
        return new FrameSequence(1, new GridShape(4, 5), RainUnit.MILLIMETRES_PER_HOUR, values);
    }

    private static RegionSeries mean(Region region, MapGrid map) {
        return RegionPixels.of(region, numbered().grid(), map).means(numbered());
    }

    @Test
    void readsThePixelThatHoldsAPoint() {
        RegionSeries series = mean(Region.point(12.4, 52.6), DEGREES);

        // Column 2, row 1.
        assertThat(series.means()).containsExactly(Optional.of(7.0));
        assertThat(series.pixels()).isEqualTo(1);
        assertThatThrownBy(() -> mean(Region.point(9, 52), DEGREES))
                .isInstanceOf(ProductException.class);
    }

    /** Of a grid that counts eastward from Greenwich, and of one over the date line. */
    @Test
    void findsPlacesWhateverMeridianTheGridCountsFrom() {
        MapGrid americas = new MapGrid(DEGREES.projection(), MapGrid.Unit.DEGREE, 260, 54, 1, 1);
        MapGrid pacific = new MapGrid(DEGREES.projection(), MapGrid.Unit.DEGREE, 178, 54, 1, 1);
        MapGrid global = new MapGrid(DEGREES.projection(), MapGrid.Unit.DEGREE, 0, 54, 72, 1);

        assertThat(mean(Region.point(-97.5, 52.6), americas).means())
                .containsExactly(Optional.of(7.0));
        assertThat(mean(Region.box(-99, 51, -96, 53), americas).means())
                .containsExactly(Optional.of((6 + 7 + 8 + 11 + 12 + 13) / 6.0));
        assertThat(mean(Region.point(-179.5, 52.6), pacific).means())
                .containsExactly(Optional.of(7.0));
        assertThat(mean(Region.box(179, 51, 182, 53), pacific).means())
                .containsExactly(Optional.of((6 + 7 + 8 + 11 + 12 + 13) / 6.0));
        // On both sides of the grid's edge: columns 0 and 4.
        assertThat(mean(Region.box(-72, 51, 72, 53), global).means())
                .containsExactly(Optional.of((5 + 9 + 10 + 14) / 4.0));
    }

    @Test
    void averagesOverABoxAndAPolygonWithAHole() {
        RegionSeries box = mean(Region.box(11, 51, 14, 53), DEGREES);
        RegionSeries ring =
                mean(
                        GeoJsonRegion.parse(
                                """
                                {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [
                                  [[10,50],[15,50],[15,54],[10,54],[10,50]],
                                  [[11,51],[14,51],[14,53],[11,53],[11,51]]]}}
                                """),
                        DEGREES);

        // Rows 1 and 2, columns 1 to 3.
        assertThat(box.pixels()).isEqualTo(6);
        assertThat(box.means()).containsExactly(Optional.of((6 + 7 + 8 + 11 + 12 + 13) / 6.0));
        assertThat(ring.pixels()).isEqualTo(14);
        assertThat(ring.means().getFirst().orElseThrow())
                .isCloseTo((190 - 57) / 14.0, within(1e-9));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no json",
                "{}",
                "{\"type\":\"Point\",\"coordinates\":[1,2]}",
                "{\"type\":\"Polygon\",\"coordinates\":[[[1,2],[3,4],[1,2]]]}",
                "{\"type\":\"Polygon\",\"coordinates\":[[[1,2],[3,4],[5,\"x\"],[1,2]]]}",
                "{\"type\":\"Polygon\",\"coordinates\":[[[1,2],[3,400],[5,5],[1,2]]]}"
            })
    void refusesWhatIsNoPolygon(String json) {
        assertThatThrownBy(() -> GeoJsonRegion.parse(json))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
