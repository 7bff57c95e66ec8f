package io.nowcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.nowcast.testing.BundledModel;
import io.nowcast.testing.NetworkFixture;
import io.nowcast.testing.NumpyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** Grids that are too large for one model call: in tiles, or refused, as the manifest says. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"nowcast.devices=cpu", "nowcast.limits.working-memory=24MB"})
class TilesTest {

    /** Far more than the fixture's pixels see, see {@link #anOverlapThatCoversTheReachIsExact}. */
    private static final int HEIGHT = 480;

    private static final int WIDTH = 16;

    @TempDir private static Path models;

    @LocalServerPort private int port;

    @DynamicPropertySource
    static void modelFolders(DynamicPropertyRegistry registry) throws IOException {
        fixture("whole", "holmdk", "minimum: 8");
        fixture("tiled", "holmdk", "minimum: 8, maximum-pixels: 4800, above: tile, overlap: 64");
        fixture("normalising", "ef-convgru-groupnorm", "minimum: 8, above: tile");
        bundled("radar-tiles", "maximum-pixels: 17000\n  above: tile\n  overlap: 32");
        bundled(
                "radar-columns",
                "maximum-pixels: 30000\n  above: tile\n  overlap: 32\n  tile: 224x128");
        bundled("radar-greedy", "working-bytes: 5000");
        registry.add("nowcast.models.directory", models::toString);
    }

    /**
     * A pixel of the answer sees at most one pixel more a layer and step: three frames, four lead
     * steps of two layers each, and the head make 22, and a seam keeps 3/8 of 64 from the edges.
     * What is left is float32 of other shapes.
     */
    @Test
    void anOverlapThatCoversTheReachIsExact() {
        Body body = noise();

        Answer whole = service().forecast("model=whole&units=model", body);
        Answer tiled = service().forecast("model=tiled&units=model", body);

        assertThat(whole.header("Nowcast-Tiles")).isEmpty();
        assertThat(tiled.header("Nowcast-Tiles")).isEqualTo("2x1; overlap=64");
        NumpyFile expected = whole.array();
        assertThat(tiled.array().shape()).containsExactly(expected.shape());
        Fields.assertClose(
                tiled.array().values(), expected.values(), 1e-5 * Fields.range(expected));
    }

    /** The radar model moves rain across seams: near, not the same. */
    @Test
    void aRadarForecastInTilesIsCloseToTheWhole() {
        Body body = rain(224, 224);

        float[] whole = service().forecast("steps=6", body).array().values();
        Answer answer = service().forecast("model=radar-tiles&steps=6", body);
        float[] tiled = answer.array().values();

        assertThat(answer.header("Nowcast-Tiles")).isEqualTo("2x2; overlap=32");
        double difference = 0;
        double amount = 0;
        for (int index = 0; index < whole.length; index++) {
            difference += Math.abs(whole[index] - tiled[index]);
            amount += whole[index];
        }
        // 32 pixels are few: seams are a large part of this grid. Without blending it is several
        // times.
        assertThat(difference).isPositive().isLessThan(0.05 * amount);
    }

    @Test
    void tilesAreToldInJson() {
        JsonNode json =
                service().forecast("model=radar-tiles&steps=1&format=json", rain(224, 224)).json();

        assertThat(json.get("tiles").asString()).isEqualTo("2x2; overlap=32");
    }

    @Test
    void tilesHaveTheShapeThatTheManifestFixes() {
        Answer answer = service().forecast("model=radar-columns&steps=1", rain(224, 224));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Nowcast-Tiles")).isEqualTo("1x2; overlap=32");
    }

    /** 24 MiB of 5000 bytes a pixel are 5033 pixels. */
    @Test
    void memoryAPixelIsTheManifestsWhereItTells() {
        assertThat(service().get("/models/radar-greedy").json().get("wholePixels").asLong())
                .isEqualTo(5033);
        assertThat(service().forecast("model=radar-greedy&steps=1", rain(64, 64)).status())
                .isEqualTo(200);
        Answer refused = service().forecast("model=radar-greedy&steps=1", rain(96, 96));
        assertThat(refused.status()).isEqualTo(422);
        // 96 x 96 x 5000 bytes.
        assertThat(refused.text()).contains("needs about 44 MB of working memory");
    }

    /** Missing pixels stay missing wherever the tiles are cut. */
    @Test
    void whatIsMissingStaysMissing() {
        float[] values = repeated(224, 224);
        int plane = 224 * 224;
        for (int frame = 0; frame < 5; frame++) {
            Arrays.fill(values, frame * plane + 70 * 224, frame * plane + 90 * 224, Float.NaN);
        }
        Body body = Body.npy(NumpyFile.of(values, 5, 224, 224).bytes());

        float[] tiled = service().forecast("model=radar-tiles&steps=1", body).array().values();

        for (int row = 0; row < 224; row++) {
            for (int column = 0; column < 224; column++) {
                assertThat(Float.isNaN(tiled[row * 224 + column])).isEqualTo(row >= 70 && row < 90);
            }
        }
    }

    /** The bundled model refuses, and says what a client can do and what an operator. */
    @Test
    void aGridOverTheMemoryIsRefusedWithTheLimit() {
        Answer refused = service().forecast("", rain(512, 512));

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().get("detail").asString())
                .contains(
                        "512x512",
                        "MB of working memory",
                        "nowcast.limits.working-memory is 24 MB",
                        "grid.above: tile",
                        "fewer steps");
    }

    @Test
    void modelsTellWhatBecomesOfLargerGrids() {
        JsonNode bundled = service().get("/models/radar-convgru").json();
        JsonNode tiles = service().get("/models/radar-tiles").json();

        assertThat(bundled.get("above").asString()).isEqualTo("refuse");
        assertThat(bundled.get("tileOverlap").isNull()).isTrue();
        assertThat(bundled.get("wholePixels").asLong())
                .isBetween(20_000L, bundled.get("maximumPixels").asLong() / 2);
        assertThat(tiles.get("above").asString()).isEqualTo("tile");
        assertThat(tiles.get("tileOverlap").asInt()).isEqualTo(32);
        assertThat(tiles.get("wholePixels").asLong()).isEqualTo(17_000);
    }

    @Test
    void tilesThatWouldBeAllOverlapAreRefused() {
        Answer refused =
                service()
                        .forecast(
                                "model=tiled&units=model",
                                Body.npy(
                                        NumpyFile.of(new float[3 * 1200 * 200], 3, 1200, 200)
                                                .bytes()));

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text()).contains("1200x200", "grid.maximum-pixels is 4800");
    }

    @Test
    void aNetworkWithStatisticsOverTheGridIsNotTiled() {
        JsonNode broken = service().get("/models").json().get("broken");

        assertThat(broken.get("normalising").asString())
                .contains("grid.above: tile", "normalises over the whole grid");
    }

    private ServiceClient service() {
        return new ServiceClient(port);
    }

    private static Body noise() {
        Random random = new Random(3);
        float[] values = new float[3 * HEIGHT * WIDTH];
        for (int index = 0; index < values.length; index++) {
            values[index] = random.nextFloat();
        }
        return Body.npy(NumpyFile.of(values, 3, HEIGHT, WIDTH).bytes());
    }

    private static Body rain(int height, int width) {
        return Body.npy(NumpyFile.of(repeated(height, width), 5, height, width).bytes());
    }

    /** The sample, repeated beyond its edges. */
    private static float[] repeated(int height, int width) {
        float[] sample = EncodedEvent.rain().values();
        float[] values = new float[5 * height * width];
        for (int index = 0; index < values.length; index++) {
            int frame = index / (height * width);
            int row = index / width % height % 64;
            values[index] = sample[(frame * 64 + row) * 64 + index % width % 64];
        }
        return values;
    }

    private static void fixture(String name, String network, String grid) throws IOException {
        NetworkFixture fixture = NetworkFixture.named(network);
        Path folder = Files.createDirectories(models.resolve(name));
        Path weights = fixture.weights().firstEntry().getValue();
        Files.copy(weights, folder.resolve(weights.getFileName()));
        Files.writeString(
                folder.resolve("model.yaml"),
                """
                weights: %s
                frames: {input: 3, output: 4}
                interval: PT5M
                grid: {%s}
                scaling: {kind: linear-rain, divisor: 1}
                missing: {fill: dry, mask-channel: false}
                warm-up: [16x16]
                """
                        .formatted(weights.getFileName(), grid));
    }

    private static void bundled(String name, String grid) throws IOException {
        BundledModel.copy(
                models, name, manifest -> manifest.replace("maximum-pixels: 2000000", grid));
    }
}
