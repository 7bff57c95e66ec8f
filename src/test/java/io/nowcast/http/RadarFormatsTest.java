package io.nowcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.nowcast.testing.NumpyFile;
import io.nowcast.testing.ZipFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Files of radar networks, answers on the map and products, through HTTP. The files are the sample,
 * written by {@code make_map_files.py} with the libraries of each format.
 */
class RadarFormatsTest extends ServiceTest {

    private static final EncodedEvent SAMPLE = EncodedEvent.sample();

    /** The pixel of row 20, column 60, by pyproj. */
    private static final String PLACE = "24.2508,61.5884";

    private static Body zip(String encoding) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (byte[] file : SAMPLE.images(encoding)) {
            entries.put("frame" + entries.size(), file);
        }
        return Body.zip(ZipFile.deflated(entries));
    }

    @ParameterizedTest
    @ValueSource(strings = {"odim", "geotiff", "pgm"})
    void theSameFramesGiveTheSameForecast(String encoding) {
        NumpyFile expected = service().forecast("format=npy", SAMPLE.npy("u8")).array();

        Answer archive = service().forecast("format=npy", zip(encoding));
        Answer parts =
                service().forecast("format=npy", Body.multipart("frames", SAMPLE.images(encoding)));

        Fields.assertClose(archive.array(), expected, ROUNDING * Fields.range(expected));
        Fields.assertClose(parts.array(), expected, ROUNDING * Fields.range(expected));
        assertThat(archive.header("Nowcast-Valid-Times")).startsWith("2016-09-28T16:00:00Z");
    }

    @ParameterizedTest
    @CsvSource({
        "odim,'',application/x-netcdf",
        "geotiff,'',application/zip",
        "pgm,'',application/zip",
        "odim,format=gif,image/gif",
        "odim,format=picture,image/png",
        "odim,format=csv,text/csv",
        "odim,product=accumulation,application/x-netcdf"
    })
    void theAnswerIsOfTheKindThatCameOrThatWasAsked(String encoding, String query, String type) {
        Answer answer = service().forecast(query, zip(encoding));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith(type);
    }

    @Test
    void aMissingFrameIsNamed() {
        Answer answer = service().forecast("", zip("odim_gap"));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text())
                .contains("frame 2 (2016-09-28T15:50:00Z) comes PT10M after the one before it");
    }

    @Test
    void framesAreInterpolatedOnlyWhereTheModelAllowsIt() {
        Answer answer = service().forecast("interval=resample", zip("odim_gap"));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text()).contains("does not allow it");
    }

    @Test
    void anAccumulationIsTheSumOfItsRates() {
        NumpyFile rates = service().forecast("steps=6", SAMPLE.npy("u8")).array();
        Answer answer = service().forecast("steps=6&product=accumulation:PT15M", SAMPLE.npy("u8"));
        NumpyFile depths = answer.array();

        assertThat(depths.shape()).containsExactly(2, 64, 64);
        int plane = 64 * 64;
        for (int pixel = 0; pixel < plane; pixel++) {
            float sum = 0;
            for (int step = 3; step < 6; step++) {
                sum += rates.values()[step * plane + pixel] / 12;
            }
            assertThat(Math.abs(depths.values()[plane + pixel] - sum)).isLessThan(1e-4f);
        }
    }

    @Test
    void aPointsSeriesIsThatOfItsPixel() {
        NumpyFile rates = service().forecast("format=npy&steps=3", zip("odim")).array();
        JsonNode series =
                service().forecast("steps=3&at=" + PLACE, zip("odim")).json().get("series").get(0);
        String csv = service().forecast("steps=3&format=csv&at=" + PLACE, zip("odim")).text();

        for (int step = 0; step < 3; step++) {
            assertThat(series.get("values").get(step).asDouble())
                    .isEqualTo(rates.values()[step * 64 * 64 + 20 * 64 + 60]);
        }
        assertThat(csv).startsWith("lead_minutes,valid_time,\"24.2508,61.5884\"\r\n5.0,2016-09-28");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "at=24 | longitude,latitude",
                "at=24,95 | longitude,latitude",
                "at=0,0 | holds no pixel of the grid",
                "box=1,2,3 | west,south,east,north",
                "polygon=x | GeoJSON",
                "product=average | accumulation",
                "product=accumulation:PT7M | no multiple of PT5M",
                "steps=7&product=accumulation:PT15M | PT15M (3 steps) do not divide the forecast of PT35M (7 steps)",
                "product=accumulation&format=png | PNG pixels",
                "zr=200 | a and b",
                "zr=-1,2 | a and b",
                "format=npy&at=24.2508,61.5884 | json or csv",
                "units=1 | mm/h, mm, dBZ or model"
            })
    void whatCannotBeMadeIsRefused(String query, String message) {
        Answer answer = service().forecast(query, zip("odim"));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text()).contains(message);
    }

    @Test
    void aRegionNeedsAPlace() {
        Answer answer = service().forecast("at=24,61", SAMPLE.npy("u8"));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text()).contains("tell where they lie");
    }

    /** dBZ of the sample under another relation is other rain. */
    @Test
    void theRelationOfTheRequestHolds() {
        NumpyFile usual = service().forecast("steps=1", SAMPLE.npy("u8")).array();
        NumpyFile other = service().forecast("steps=1&zr=316,1.5", SAMPLE.npy("u8")).array();

        for (int pixel = 0; pixel < usual.values().length; pixel++) {
            double z = 200 * Math.pow(usual.values()[pixel], 1.6);
            assertThat(other.values()[pixel])
                    .isCloseTo(
                            (float) Math.pow(z / 316, 1 / 1.5),
                            org.assertj.core.api.Assertions.within(2e-3f));
        }
    }

    @Test
    void aModelStatesItsScaling() {
        assertThat(service().get("/models/radar-convgru").json().get("scaling").asString())
                .isEqualTo(
                        "(dBZ - 0.0) / 60.0, dBZ clipped to 0.0..60.0; dry below 5.0 dBZ; Z = 200.0 R^1.6");
    }

    @Test
    void unreadableFilesAreProblems() {
        for (byte[] start :
                List.of(
                        new byte[] {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 26, '\n', 0, 0},
                        "CDF\u0001aaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                                .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1),
                        new byte[] {'I', 'I', '*', 0, 8, 0, 0, 0, 1, 0},
                        "GIF89a0000000000000"
                                .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1))) {
            Answer answer = service().forecast("", Body.of("application/octet-stream", start));
            assertThat(answer.status()).isIn(400, 413, 422);
        }
    }
}
