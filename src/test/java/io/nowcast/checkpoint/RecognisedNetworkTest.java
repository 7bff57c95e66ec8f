package io.nowcast.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nowcast.network.EncoderForecaster;
import io.nowcast.network.ReadOut;
import io.nowcast.network.WeightTensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Recognition of the checkpoints that {@code engine/make_fixtures.py} writes, and of spoiled copies
 * of them.
 */
class RecognisedNetworkTest {

    private static final Checkpoint SOUND =
            CheckpointReader.read(Path.of("src/test/resources/engine/source/weights.pth"));

    private static final Map<String, String> SOURCE = Map.of("residual", "source");

    @Test
    void rewritesTheTrainingRecipesNetwork() {
        RecognisedNetwork recognised = RecognisedNetwork.in(SOUND, SOURCE);

        assertThat(recognised.layout()).isEqualTo("radar-convgru");
        assertThat(recognised.network().inputChannels()).isEqualTo(2);
        assertThat(recognised.network().gridMultiple()).isEqualTo(16);
        assertThat(recognised.network())
                .isInstanceOfSatisfying(
                        EncoderForecaster.class,
                        network -> {
                            assertThat(network.encoder())
                                    .extracting(stage -> stage.cell().hiddenChannels())
                                    .containsExactly(4, 6, 8);
                            assertThat(network.forecaster().getLast().cell().takesInput())
                                    .isFalse();
                            assertThat(network.readOut())
                                    .isInstanceOfSatisfying(
                                            ReadOut.Advection.class,
                                            readOut ->
                                                    assertThat(readOut.residual())
                                                            .isEqualTo(ReadOut.Residual.AT_SOURCE));
                        });
    }

    @Test
    void demandsTheChoiceThatTheKeysLeaveOpen() {
        assertThatThrownBy(() -> RecognisedNetwork.in(SOUND, Map.of()))
                .hasMessageContaining("network.residual")
                .hasMessageContaining("[source, target]");
        assertThatThrownBy(() -> RecognisedNetwork.in(SOUND, Map.of("residual", "both")))
                .hasMessageContaining("it says 'both'");
        assertThatThrownBy(() ->
                        RecognisedNetwork.in(SOUND, Map.of("residual", "source", "gates", "ifog")))
                .hasMessageContaining("[gates] mean nothing for the layout radar-convgru");
    }

    @Test
    void listsEverythingThatIsMissingUnknownOrMisshapen() {
        Checkpoint spoiled =
                spoiled(tensors -> {
                    tensors.remove("readout.conv.bias");
                    tensors.put(
                            "readout.conv.offset", new WeightTensor(new int[] {4}, new float[4]));
                    tensors.remove("forecaster.stages.1.gru.hidden.weight");
                    tensors.put(
                            "encoder.stages.1.gru.input.weight",
                            new WeightTensor(new int[] {6, 18, 3, 3}, new float[6 * 18 * 9]));
                });

        assertThatThrownBy(() -> RecognisedNetwork.in(spoiled, SOURCE))
                .isInstanceOf(CheckpointException.Unsupported.class)
                .hasMessageContaining("'readout.conv.bias' [4] is missing")
                .hasMessageContaining("'readout.conv.offset' tensor[4] is unknown")
                .hasMessageContaining(
                        "'forecaster.stages.1.gru.hidden.weight' [18, 6, 3, 3] is missing")
                .hasMessageContaining(
                        "'encoder.stages.1.gru.input.weight' has shape [6, 18, 3, 3], expected [18, 6, 3, 3]");
    }

    @Test
    void tellsTheKeysOfANetworkThatItDoesNotKnow() {
        Checkpoint foreign =
                spoiled(tensors -> {
                    tensors.clear();
                    tensors.put("fc.weight", new WeightTensor(new int[] {1}, new float[1]));
                });

        assertThatThrownBy(() -> RecognisedNetwork.in(foreign, Map.of()))
                .hasMessageContaining("[fc.weight]")
                .hasMessageContaining("radar-convgru")
                .hasMessageContaining("TorchScript");
    }

    private static Checkpoint spoiled(Consumer<SequencedMap<String, WeightTensor>> change) {
        SequencedMap<String, WeightTensor> tensors = new LinkedHashMap<>(SOUND.tensors());
        change.accept(tensors);
        return new Checkpoint(
                tensors, SOUND.format(), SOUND.digest(), Optional.empty(), "", List.of());
    }
}
