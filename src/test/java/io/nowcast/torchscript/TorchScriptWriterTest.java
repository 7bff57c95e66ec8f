package io.nowcast.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import io.nowcast.network.Activation;
import io.nowcast.network.Convolution;
import io.nowcast.network.Features;
import io.nowcast.network.Feed;
import io.nowcast.network.GruResetAfter;
import io.nowcast.network.ReadOut;
import io.nowcast.network.RecurrentNetwork;
import io.nowcast.network.StepwiseNetwork;
import io.nowcast.network.WeightTensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

/**
 * The archive's layout; that its numbers are PyTorch's is shown by the engine's tests, which run
 * it.
 */
class TorchScriptWriterTest {

    @Test
    void writesTheEntriesThatTorchScriptHasStoredBelowOneFolder() throws IOException {
        Map<String, byte[]> entries = entries(archive());

        assertThat(entries.keySet())
                .allMatch(name -> name.startsWith("nowcast/"))
                .contains(
                        "nowcast/data.pkl",
                        "nowcast/code/__torch__.py",
                        "nowcast/constants.pkl",
                        "nowcast/version",
                        "nowcast/byteorder");
        assertThat(new String(entries.get("nowcast/code/__torch__.py"), StandardCharsets.UTF_8))
                .contains("steps: int) -> Tensor:");
    }

    @Test
    void storesConvolutionWeightsChannelsLast() throws IOException {
        ByteBuffer values =
                ByteBuffer.wrap(entries(archive()).get("nowcast/data/0"))
                        .order(ByteOrder.LITTLE_ENDIAN);

        // Filter 0 of [6,2,1,3] counts 0,1,2 in channel 0 and 3,4,5 in channel 1: channels-last
        // alternates the channels.
        assertThat(values.asFloatBuffer().get(0)).isZero();
        assertThat(values.asFloatBuffer().get(1)).isEqualTo(3);
        assertThat(values.asFloatBuffer().get(2)).isEqualTo(1);
        assertThat(values.asFloatBuffer().get(3)).isEqualTo(4);
    }

    /** Wherever the machine is: in the time zone of Tokyo, and with the digits of Persian. */
    @Test
    void writesTheSameBytesForTheSameNetwork() throws IOException {
        byte[] here = archive();
        TimeZone zone = TimeZone.getDefault();
        Locale locale = Locale.getDefault(Locale.Category.FORMAT);
        try {
            TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
            Locale.setDefault(Locale.Category.FORMAT, Locale.of("fa", "IR"));

            assertThat(archive()).isEqualTo(here);
        } finally {
            TimeZone.setDefault(zone);
            Locale.setDefault(Locale.Category.FORMAT, locale);
        }
    }

    private static byte[] archive() throws IOException {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        TorchScriptWriter.write(network(), archive);
        return archive.toByteArray();
    }

    private static RecurrentNetwork network() {
        Convolution hidden = convolution(6, 2, 1, 1);
        Features observed =
                Features.Recurrent.fromZero(
                        new Features.Through(
                                new Features.Frame(), List.of(convolution(6, 2, 1, 3))),
                        new GruResetAfter(
                                List.of(convolution(6, 6, 1, 1)), hidden, new Activation.Tanh()));
        Features forecast =
                Features.Recurrent.startingFrom(
                        observed,
                        Optional.empty(),
                        new GruResetAfter(List.of(), hidden, new Activation.Tanh()));
        return new StepwiseNetwork(
                2,
                Optional.of(observed),
                forecast,
                new Feed.Nothing(),
                new ReadOut.Direct(List.of(convolution(1, 2, 1, 1))));
    }

    private static Convolution convolution(int out, int in, int height, int width) {
        float[] values = new float[out * in * height * width];
        for (int index = 0; index < values.length; index++) {
            values[index] = index;
        }
        return new Convolution(
                new WeightTensor(new int[] {out, in, height, width}, values),
                Optional.empty(),
                1,
                height / 2,
                width / 2,
                false);
    }

    private static Map<String, byte[]> entries(byte[] archive) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                assertThat(entry.getMethod()).as(entry.getName()).isEqualTo(ZipEntry.STORED);
                entries.put(entry.getName(), zip.readAllBytes());
            }
        }
        return entries;
    }
}
