package io.nowcast.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.LeadTimes;
import io.nowcast.frames.MapGrid;
import io.nowcast.frames.MapProjection;
import io.nowcast.frames.PixelEncoding;
import io.nowcast.frames.RainUnit;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import org.junit.jupiter.api.Test;

/** Answers with place and time: what is written is read back the same. */
class MapAnswersTest {

    private static final GridShape GRID = new GridShape(40, 30);
    private static final Instant REFERENCE = Instant.parse("2024-05-01T12:00:00Z");
    private static final MapGrid MAP =
            new MapGrid(
                    new MapProjection.ProjString(
                            "+proj=laea +lat_0=55.0 +lon_0=10.0 +x_0=1950000.0 +y_0=-2100000.0 +ellps=WGS84"),
                    MapGrid.Unit.METRE,
                    1.9e6,
                    -2.0e6,
                    2000,
                    2000);

    private final FrameCodec codec = new FrameCodec(Fixtures.LIMITS);
    private final FrameSequence forecast = forecast();

    private static FrameSequence forecast() {
        float[] values = new float[3 * 40 * 30];
        for (int index = 0; index < values.length; index++) {
            values[index] = index % 7 == 0 ? Float.NaN : (float) Math.sqrt(index) / 3;
        }
        return new FrameSequence(3, GRID, RainUnit.MILLIMETRES_PER_HOUR, values);
    }

    private byte[] encode(FrameFormat format, Optional<Instant> reference) throws IOException {
        ForecastDocument document =
                new ForecastDocument(
                        List.of(forecast),
                        false,
                        new LeadTimes(Duration.ofMinutes(5), 3, reference),
                        PixelEncoding.identity(RainUnit.MILLIMETRES_PER_HOUR),
                        16,
                        Map.of("model", "test"),
                        Optional.of(MAP));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        codec.encode(document, format, false, out);
        return out.toByteArray();
    }

    @Test
    void netcdfComesBackTheSame() throws IOException {
        DecodedFrames back =
                codec.decode(encode(FrameFormat.NETCDF, Optional.of(REFERENCE)), Fixtures.PLAIN);

        assertThat(back.sequences().getFirst().values()).isEqualTo(forecast.values());
        assertThat(back.times().orElseThrow())
                .containsExactly(
                        REFERENCE.plusSeconds(300),
                        REFERENCE.plusSeconds(600),
                        REFERENCE.plusSeconds(900));
        assertSamePlace(back.map().orElseThrow());
    }

    @Test
    void geoTiffsComeBackTheSame() throws IOException {
        DecodedFrames back =
                codec.decode(encode(FrameFormat.GEOTIFF, Optional.of(REFERENCE)), Fixtures.PLAIN);

        assertThat(back.sequences().getFirst().values()).isEqualTo(forecast.values());
        assertThat(back.times().orElseThrow()).contains(REFERENCE.plusSeconds(900));
        assertSamePlace(back.map().orElseThrow());
    }

    private static void assertSamePlace(MapGrid back) {
        assertThat(
                        new MapGrid(
                                        MAP.projection(),
                                        back.unit(),
                                        back.west(),
                                        back.north(),
                                        back.pixelWidth(),
                                        back.pixelHeight())
                                .coincidesWith(MAP, GRID))
                .isTrue();
    }

    @Test
    void anAnimationHasAFrameALeadTime() throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
        reader.setInput(
                ImageIO.createImageInputStream(
                        new ByteArrayInputStream(encode(FrameFormat.GIF, Optional.of(REFERENCE)))));

        assertThat(reader.getNumImages(true)).isEqualTo(3);
        BufferedImage first = reader.read(0);
        // Pixels are magnified by ten, below a line of text; (0, 0) is missing, and grey.
        assertThat(first.getRGB(0, 20) & 0xffffff).isEqualTo(0xb8b8b8);
        assertThat(first.getRGB(10, 20) & 0xffffff).isEqualTo(0x9ecae1);
    }

    @Test
    void aPictureHasAPanelALeadTimeAlsoWithoutTimes() throws IOException {
        BufferedImage picture =
                ImageIO.read(
                        new ByteArrayInputStream(encode(FrameFormat.PICTURE, Optional.empty())));

        assertThat(picture.getHeight()).isGreaterThan(2 * GRID.height());
    }
}
