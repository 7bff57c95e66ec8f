package io.nowcast.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.nowcast.frames.MapGrid;
import io.nowcast.frames.MapProjection;
import io.nowcast.frames.MapProjection.GeoKeys;
import io.nowcast.frames.MapProjection.GridMapping;
import io.nowcast.frames.MapProjection.ProjString;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Places by PROJ (pyproj 3.7) at 12.5 east, 51.25 north, told in the words of each format. */
class MapPlaneTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "+proj=laea +lat_0=55 +lon_0=10 +x_0=1950000 +y_0=-2100000 +ellps=WGS84;2124590.4872744507;-2514194.0111161936",
                "+proj=stere +lat_0=90 +lon_0=0 +lat_ts=60 +a=6378.137 +b=6356.752;907.6512145945028;-4094.150052030618",
                "+proj=lcc +lat_1=45 +lat_2=49 +lat_0=47 +lon_0=13 +ellps=bessel;-34982.225516653;472860.20337664796",
                "+proj=merc +lat_ts=60 +lon_0=10 +R=6371000;138993.65830569845;3329088.4172038045",
                "+proj=tmerc +lat_0=0 +lon_0=27 +k=0.9996 +x_0=500000 +ellps=GRS80;-509543.93752023915;5778212.526110966",
                "+proj=aea +lat_1=29.5 +lat_2=45.5 +lat_0=37.5 +lon_0=10 +ellps=WGS84;178729.39281332423;1529627.6071887487"
            })
    void findsPlacesWhateverTellsTheProjection(String definition, double x, double y) {
        boolean kilometres = definition.contains("+a=6378.137");
        MapProjection proj = new ProjString(definition);
        GridMapping mapping = CfAttributes.of(proj);
        Map<String, Object> named = new LinkedHashMap<>(mapping.attributes());
        named.remove("proj4_params");
        GeoKeys keys =
                GeoKeyDirectory.of(proj, kilometres ? MapGrid.Unit.KILOMETRE : MapGrid.Unit.METRE);
        double unit = kilometres ? 1000 : 1;

        assertPlace(proj, x, y, 1 / unit);
        assertPlace(mapping, x, y, 1 / unit);
        // The ellipsoid of CF and GeoTIFF is in metres, and so is what follows from it.
        assertPlace(new GridMapping(named), x * unit, y * unit, 1);
        assertPlace(keys, x * unit, y * unit, 1);
    }

    private static void assertPlace(MapProjection projection, double x, double y, double close) {
        MapPlane.Point point = MapPlane.of(projection).point(12.5, 51.25);

        assertThat(point.x()).isCloseTo(x, within(close));
        assertThat(point.y()).isCloseTo(y, within(close));
    }

    /** The same place on grids in kilometres, whether the earth is told in them or in metres. */
    @Test
    void answersInTheUnitOfTheGrid() {
        ProjString knmi =
                new ProjString("+proj=stere +lat_0=90 +lon_0=0 +lat_ts=60 +a=6378.137 +b=6356.752");
        for (MapProjection projection :
                List.of(
                        knmi,
                        CfAttributes.of(knmi),
                        GeoKeyDirectory.of(knmi, MapGrid.Unit.KILOMETRE))) {
            MapGrid map = new MapGrid(projection, MapGrid.Unit.KILOMETRE, 0, -3650, 1, 1);

            MapPlane.Point point = MapPlane.of(map).point(12.5, 51.25);

            assertThat(point.x()).isCloseTo(907.6512145945028, within(1e-3));
            assertThat(point.y()).isCloseTo(-4094.150052030618, within(1e-3));
        }
    }

    /** EPSG:3067, as the GeoTIFF of the Finnish Meteorological Institute names it. */
    @Test
    void knowsEpsgCodes() {
        GeoKeys keys =
                new GeoKeys(List.of(1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 3067), List.of(), "");

        MapPlane.Point point = MapPlane.of(keys).point(24.9521, 60.1702);

        assertThat(point.x()).isCloseTo(386372.34, within(0.5));
        assertThat(point.y()).isCloseTo(6672128.13, within(0.5));
        assertThat(CfAttributes.of(keys).attributes())
                .containsEntry("grid_mapping_name", "transverse_mercator")
                .containsEntry("longitude_of_central_meridian", 27.0)
                .containsEntry("scale_factor_at_central_meridian", 0.9996);
    }

    @Test
    void saysTheSameAgain() {
        GridMapping mapping = new GridMapping(Map.of("grid_mapping_name", "latitude_longitude"));
        GeoKeys keys = new GeoKeys(List.of(1, 1, 0, 0), List.of(), "");

        assertThat(CfAttributes.of(mapping)).isSameAs(mapping);
        assertThat(GeoKeyDirectory.of(keys, MapGrid.Unit.METRE)).isSameAs(keys);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nothing",
                "+proj=nowhere",
                "+proj=laea +lat_0=nan",
                "+proj=laea +lat_0=1e999",
                "+proj=stere +a=x",
                "+init=epsg:3067"
            })
    void refusesWhatIsNoProjection(String definition) {
        assertThatThrownBy(() -> MapPlane.of(new ProjString(definition)))
                .isInstanceOf(ProjectionException.class);
    }

    @Test
    void refusesCodesThatEpsgDoesNotHave() {
        GeoKeys keys =
                new GeoKeys(List.of(1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 1), List.of(), "");

        assertThatThrownBy(() -> MapPlane.of(keys)).isInstanceOf(ProjectionException.class);
    }
}
