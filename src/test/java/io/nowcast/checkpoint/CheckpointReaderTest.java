package io.nowcast.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import io.nowcast.network.WeightTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Against files that PyTorch and safetensors wrote, and the values that PyTorch says they hold: see
 * make_fixtures.py beside them.
 */
class CheckpointReaderTest {

    private static final JsonMapper JSON = new JsonMapper();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zip.bin",
                "rezipped.bin",
                "zip64.bin",
                "legacy.bin",
                "protocol4.bin",
                "protocol5.bin",
                "legacy_protocol4.bin",
                "kinds.bin",
                "kinds_legacy.bin",
                "views.bin",
                "views_legacy.bin",
                "empty_views.bin",
                "other_keys.bin",
                "parameters.bin",
                "net_param.bin",
                "own_wrapper.bin",
                "lightning.bin",
                "averaged.bin",
                "side_by_side.bin",
                "kinds.safetensors"
            })
    void readsEveryValueThatPyTorchReads(String name) {
        Checkpoint checkpoint = CheckpointReader.read(fixture(name));
        JsonNode expected = JSON.readTree(fixture(name + ".json"));

        List<String> keys = new ArrayList<>();
        expected.propertyNames()
                .forEach(key -> {
                    if (!key.endsWith("num_batches_tracked") && !key.equals("n_averaged")) {
                        keys.add(key.substring(checkpoint.prefix().length()));
                    }
                });
        assertThat(checkpoint.tensors().keySet()).containsExactlyElementsOf(keys);
        for (Map.Entry<String, WeightTensor> entry : checkpoint.tensors().entrySet()) {
            JsonNode tensor = expected.get(checkpoint.prefix() + entry.getKey());
            assertThat(entry.getValue().shape())
                    .as("shape of %s", entry.getKey())
                    .isEqualTo(integers(tensor.get("shape")));
            assertThat(bits(entry.getValue().values()))
                    .as("values of %s", entry.getKey())
                    .isEqualTo(integers(tensor.get("bits")));
        }
    }

    /** PyTorch takes the norms in float32, which loses at most a few of its 2^-24. */
    @Test
    void computesTheWeightsOfWeightNormAndPrune() {
        Checkpoint checkpoint = CheckpointReader.read(fixture("derived.bin"));
        JsonNode expected = JSON.readTree(fixture("derived.bin.json"));

        assertThat(checkpoint.tensors().keySet())
                .containsExactlyInAnyOrderElementsOf(expected.propertyNames());
        checkpoint
                .tensors()
                .forEach((key, tensor) -> {
                    int[] bits = integers(expected.get(key).get("bits"));
                    assertThat(tensor.shape())
                            .as("shape of %s", key)
                            .isEqualTo(integers(expected.get(key).get("shape")));
                    for (int i = 0; i < bits.length; i++) {
                        assertThat(tensor.values()[i])
                                .as("value %d of %s", i, key)
                                .isCloseTo(Float.intBitsToFloat(bits[i]), offset(1e-6f));
                    }
                });
    }

    @ParameterizedTest
    @CsvSource({
        "spectral.bin, weight_orig",
        "spectral_parametrized.bin, parametrizations.weight.original"
    })
    void refusesTheWeightsOfSpectralNormByName(String name, String key) {
        assertThatThrownBy(() -> CheckpointReader.read(fixture(name)))
                .isInstanceOf(CheckpointException.Unsupported.class)
                .hasMessageContaining("'" + key + "'")
                .hasMessageContaining("spectral_norm");
    }

    @Test
    void refusesLayersOfBytes() {
        assertThatThrownBy(() -> CheckpointReader.read(fixture("bytes.bin")))
                .isInstanceOf(CheckpointException.Unsupported.class)
                .hasMessageContaining("'weight' is of INT8, as quantised weights are");
    }

    @ParameterizedTest
    @ValueSource(strings = {"quantized.bin", "sparse.bin"})
    void refusesTensorsThatAreNotPlain(String name) {
        assertThatThrownBy(() -> CheckpointReader.read(fixture(name)))
                .isInstanceOf(CheckpointException.Forbidden.class)
                .hasMessageContaining("neither quantised nor sparse");
    }

    @ParameterizedTest
    @CsvSource({
        "zip.bin, PYTORCH_ZIP, , ''",
        "legacy.bin, PYTORCH_LEGACY, , ''",
        "legacy_protocol4.bin, PYTORCH_LEGACY, , ''",
        "kinds.safetensors, SAFETENSORS, , ''",
        "parameters.bin, PYTORCH_ZIP, model_state_dict, ''",
        "net_param.bin, PYTORCH_ZIP, net_param, module.model.",
        "own_wrapper.bin, PYTORCH_ZIP, weights, ''",
        "lightning.bin, PYTORCH_ZIP, state_dict, model.",
        "averaged.bin, PYTORCH_ZIP, , module._orig_mod.",
        "side_by_side.bin, PYTORCH_ZIP, , ''"
    })
    void saysWhatItUnwrapped(String name, CheckpointFormat format, String wrapper, String prefix) {
        Checkpoint checkpoint = CheckpointReader.read(fixture(name));

        assertThat(checkpoint.format()).isEqualTo(format);
        assertThat(checkpoint.wrapper()).isEqualTo(Optional.ofNullable(wrapper));
        assertThat(checkpoint.prefix()).isEqualTo(prefix);
        assertThat(CheckpointFormat.detect(fixture(name))).isEqualTo(format);
    }

    @Test
    void leavesOutBatchCounters() {
        assertThat(CheckpointReader.read(fixture("lightning.bin")).ignored())
                .containsExactly("1.num_batches_tracked");
        assertThat(CheckpointReader.read(fixture("averaged.bin")).ignored())
                .containsExactly("n_averaged", "1.num_batches_tracked");
    }

    @Test
    void digestIsTheSha256OfTheFile() throws Exception {
        byte[] sha256 =
                MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(fixture("zip.bin")));

        assertThat(CheckpointReader.read(fixture("zip.bin")).digest())
                .isEqualTo(HexFormat.of().formatHex(sha256));
    }

    @Test
    void tensorsCannotBeChanged() {
        Checkpoint checkpoint = CheckpointReader.read(fixture("zip.bin"));

        assertThatThrownBy(() -> checkpoint.tensors().clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"scripted.bin", "traced.bin"})
    void tellsProgramsFromWeights(String name) {
        assertThat(CheckpointFormat.detect(fixture(name))).isEqualTo(CheckpointFormat.TORCHSCRIPT);
        assertThatThrownBy(() -> CheckpointReader.read(fixture(name)))
                .isInstanceOf(CheckpointException.Unsupported.class)
                .hasMessageContaining("TorchScript program");
    }

    @Test
    void refusesWhatIsNoCheckpoint(@TempDir Path folder) throws IOException {
        assertThatThrownBy(() -> CheckpointReader.read(folder.resolve("absent.pth")))
                .isInstanceOf(CheckpointException.Unreadable.class)
                .hasMessageContaining("absent.pth");
        assertRefused(folder, "", "the file is empty");
        assertRefused(folder, "version https://git-lfs.github.com/spec/v1\n", "Git LFS pointer");
        assertRefused(folder, "<!DOCTYPE html>", "begins with the bytes 3c21444f43545950");
    }

    private static void assertRefused(Path folder, String content, String reason)
            throws IOException {
        Path file = Files.writeString(folder.resolve("file"), content);
        assertThatThrownBy(() -> CheckpointReader.read(file))
                .isInstanceOf(CheckpointException.Unsupported.class)
                .hasMessageContaining(reason);
    }

    private static Path fixture(String name) {
        return Fixtures.path(name);
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    private static int[] integers(JsonNode array) {
        int[] integers = new int[array.size()];
        for (int i = 0; i < integers.length; i++) {
            integers[i] = array.get(i).asInt();
        }
        return integers;
    }
}
