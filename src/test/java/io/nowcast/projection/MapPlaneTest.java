package io.nowcast.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.nowcast.frames.MapGrid;
import io.nowcast.frames.MapProjection;
import io.nowcast.frames.MapProjection.GeoKeys;
import io.nowcast.frames.MapProjection.GridMapping;
import io.nowcast.frames.MapProjection.ProjString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Places by PROJ (pyproj 3.7) at 12.5 east, told in the words of each format. */
class MapPlaneTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "+proj=laea +lat_0=55 +lon_0=10 +x_0=1950000 +y_0=-2100000 +ellps=WGS84;51.25;2124590.4872744507;-2514194.0111161936",
                "+proj=stere +lat_0=90 +lon_0=0 +lat_ts=60 +a=6378.137 +b=6356.752;51.25;907.6512145945028;-4094.150052030618",
                "+proj=stere +lat_0=90 +lon_0=10 +k_0=0.93301270189 +R=6370040;51.25;182334.43429266344;-4176145.1344449962",
                "+proj=stere +lat_0=-90 +lon_0=0 +k_0=0.994 +x_0=2000000 +y_0=2000000 +ellps=WGS84;-71.25;2454463.576279478;4049952.7181285126",
                "+proj=stere +lat_0=-90 +lon_0=0 +lat_ts=-71 +ellps=WGS84;-71.25;444756.6242380925;2006167.4870107942",
                "+proj=stere +lon_0=10 +ellps=WGS84;51.25;214818.08952168265;6095161.283099715",
                "+proj=stere +lat_0=52 +lon_0=10 +k_0=0.9999 +ellps=bessel;51.25;174487.6058867176;-80449.5321700745",
                "+proj=lcc +lat_1=45 +lat_2=49 +lat_0=47 +lon_0=13 +ellps=bessel;51.25;-34982.225516653;472860.20337664796",
                "+proj=lcc +lat_1=46.8 +lat_0=40 +lon_0=10 +ellps=WGS84;51.25;175061.73621546302;1255382.079142111",
                "+proj=merc +lat_ts=60 +lon_0=10 +R=6371000;51.25;138993.65830569845;3329088.4172038045",
                "+proj=merc +lat_ts=60 +lon_0=10 +ellps=WGS84;51.25;139500.00393109035;3324501.7972105327",
                "+proj=tmerc +lat_0=0 +lon_0=27 +k=0.9996 +x_0=500000 +ellps=GRS80;51.25;-509543.93752023915;5778212.526110966",
                "+proj=utm +zone=33 +ellps=WGS84;51.25;325532.3418348196;5680595.743580703",
                "+proj=utm +zone=33 +south +ellps=WGS84;-51.25;325532.3418348196;4319404.256419297",
                "+proj=aeqd +lat_0=48 +lon_0=10 +R=6371000;51.25;174060.03946416063;364254.04125127697",
                "+proj=aea +lat_1=29.5 +lat_2=45.5 +lat_0=37.5 +lon_0=10 +ellps=WGS84;51.25;178729.39281332423;1529627.6071887487"
            })
    void findsPlacesWhateverTellsTheProjection(
            String definition, double latitude, double x, double y) {
        boolean kilometres = definition.contains("+a=6378.137");
        MapProjection proj = new ProjString(definition);
        GridMapping mapping = CfAttributes.of(proj);
        Map<String, Object> named = new LinkedHashMap<>(mapping.attributes());
        named.remove("proj4_params");
        GeoKeys keys =
                GeoKeyDirectory.of(proj, kilometres ? MapGrid.Unit.KILOMETRE : MapGrid.Unit.METRE);
        double unit = kilometres ? 1000 : 1;

        assertPlace(proj, latitude, x, y, 1 / unit);
        assertPlace(mapping, latitude, x, y, 1 / unit);
        // The ellipsoid of CF and GeoTIFF is in metres, and so is what follows from it.
        assertPlace(new GridMapping(named), latitude, x * unit, y * unit, 1);
        assertPlace(keys, latitude, x * unit, y * unit, 1);
    }

    private static void assertPlace(
            MapProjection projection, double latitude, double x, double y, double close) {
        MapPlane.Point point = MapPlane.of(projection).point(12.5, latitude);

        assertThat(point.x()).isCloseTo(x, within(close));
        assertThat(point.y()).isCloseTo(y, within(close));
    }

    /** A scaled conformal conic, which neither format has words for: CF keeps the PROJ string. */
    @Test
    void tellsNoScaleThatTheFormatHasNoWordFor() {
        ProjString scaled =
                new ProjString(
                        "+proj=lcc +lat_1=46.8 +lat_0=46.8 +lon_0=2.33722917 +k_0=0.99987742 +ellps=WGS84");

        assertPlace(scaled, 51.25, 709696.3132389983, 541278.1037300187, 1);
        assertPlace(CfAttributes.of(scaled), 51.25, 709696.3132389983, 541278.1037300187, 1);
        assertThat(CfAttributes.of(scaled).attributes()).doesNotContainKey("grid_mapping_name");
        assertThatThrownBy(() -> GeoKeyDirectory.of(scaled, MapGrid.Unit.METRE))
                .isInstanceOf(ProjectionException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+units=m +no_defs +type=crs",
                "+wktext +axis=enu +pm=greenwich +towgs84=0,0,0 +nadgrids=@null",
            })
    void readsPastWhatIsWrittenBesideThePlane(String rest) {
        assertPlace(
                new ProjString("+proj=laea +lat_0=55 +lon_0=10 +ellps=WGS84 " + rest),
                51.25,
                174590.4872744505,
                -414194.0111161936,
                1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"axis=wsu", "pm=paris", "lon_wrap=180", "init=epsg:3067"})
    void refusesWhatItWouldReadWrong(String parameter) {
        assertThatThrownBy(() -> MapPlane.of(new ProjString("+proj=laea +lat_0=55 +" + parameter)))
                .isInstanceOf(ProjectionException.class)
                .hasMessageContaining(parameter);
    }

    /** A file that is there and one that is not must make no difference: none is looked for. */
    @Test
    void opensNoFileThatADefinitionNames(@TempDir Path folder) throws IOException {
        Path grid = Files.write(folder.resolve("grid.gsb"), new byte[1000]);
        for (Path file : List.of(grid, folder.resolve("absent.gsb"))) {
            assertPlace(
                    new ProjString("+proj=laea +lat_0=55 +lon_0=10 +ellps=WGS84 +nadgrids=" + file),
                    51.25,
                    174590.4872744505,
                    -414194.0111161936,
                    1);
        }
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

    /** Proj4J takes one turn off at a time, and there is none to be taken off 1e17 degrees. */
    @ParameterizedTest
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    @CsvSource({"1e17,50", "-1e300,50", "10,1e17", "3601,50"})
    void refusesPlacesOfTooManyTurns(double longitude, double latitude) {
        MapPlane plane = MapPlane.of(new ProjString("+proj=laea +lat_0=55 +lon_0=10"));

        assertThatThrownBy(() -> plane.point(longitude, latitude))
                .isInstanceOf(ProjectionException.class)
                .hasMessageContaining("is not in the projection");
    }

    @ParameterizedTest
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    @ValueSource(
            strings = {
                "+proj=laea +lat_0=55 +lon_0=1e17",
                "+proj=stere +lat_0=90 +lat_ts=-1e17",
                "+proj=omerc +lat_0=55 +lonc=1e17 +alpha=30"
            })
    void refusesAnglesOfTooManyTurns(String definition) {
        assertThatThrownBy(() -> MapPlane.of(new ProjString(definition)).point(10, 50))
                .isInstanceOf(ProjectionException.class)
                .hasMessageContaining("1e17', expected at most 3600 degrees");
    }

    /** Each place in it would take Proj4J 33 million turns. */
    @Test
    void refusesZonesThatAreNone() {
        MapProjection zone = new ProjString("+proj=utm +zone=2000000000");

        assertThatThrownBy(() -> MapPlane.of(zone))
                .isInstanceOf(ProjectionException.class)
                .hasMessageContaining("zone is '2000000000', expected 1 to 60");
    }

    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void refusesAnglesOfTooManyTurnsInGridMappings() {
        GridMapping mapping = CfAttributes.of(new ProjString("+proj=laea +lat_0=55 +lon_0=10"));
        Map<String, Object> attributes = new LinkedHashMap<>(mapping.attributes());
        attributes.remove("proj4_params");
        attributes.put("longitude_of_projection_origin", 1e17);

        assertThatThrownBy(() -> MapPlane.of(new GridMapping(attributes)).point(10, 50))
                .isInstanceOf(ProjectionException.class)
                .hasMessageContaining("expected at most 3600 degrees");
    }
}
