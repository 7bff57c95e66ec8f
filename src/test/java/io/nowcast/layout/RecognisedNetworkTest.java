package io.nowcast.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nowcast.checkpoint.Checkpoint;
import io.nowcast.checkpoint.CheckpointReader;
import io.nowcast.network.WeightTensor;
import io.nowcast.testing.NetworkFixture;
import io.nowcast.torchscript.TorchScriptWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Recognition of the fixtures' checkpoints, and of spoiled copies of them. */
class RecognisedNetworkTest {

    static List<NetworkFixture> fixtures() throws IOException {
        return NetworkFixture.all();
    }

    /** A renamed key is both missing and unknown, unless the network has no use for it. */
    @ParameterizedTest
    @MethodSource("fixtures")
    void refusesARenamedKey(NetworkFixture fixture) {
        Checkpoint sound = CheckpointReader.read(fixture.weights());
        for (String key : sound.tensors().keySet()) {
            Checkpoint spoiled =
                    spoiled(
                            sound,
                            tensors -> {
                                WeightTensor tensor = tensors.remove(key);
                                tensors.put("renamed." + key + "_", tensor);
                            });

            assertThatThrownBy(() -> RecognisedNetwork.in(spoiled, fixture.choices()))
                    .as("%s: %s", fixture, key)
                    .isInstanceOf(LayoutException.class)
                    .message()
                    .containsAnyOf(key, "no known layout has these keys");
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void refusesAMissingTensor(NetworkFixture fixture) {
        Checkpoint sound = CheckpointReader.read(fixture.weights());
        RecognisedNetwork.Reading reading = RecognisedNetwork.read(sound, fixture.choices());
        for (KeyRole role : reading.roles()) {
            if (role.unused() || mayBeAbsent(role.key(), sound)) {
                continue;
            }
            Checkpoint spoiled = spoiled(sound, tensors -> tensors.remove(role.key()));

            assertThatThrownBy(() -> RecognisedNetwork.in(spoiled, fixture.choices()))
                    .as("%s: %s", fixture, role.key())
                    .isInstanceOf(LayoutException.class);
        }
    }

    /**
     * Layers of which a file may have all or none: a head, whose absence leaves the hidden state as
     * the answer, the bias of a stack of one layer or of a layer in a sequence of different ones,
     * and the topmost layer of a stack where it is one tensor.
     */
    private static boolean mayBeAbsent(String key, Checkpoint sound) {
        boolean onlyBias =
                key.endsWith(".bias")
                        && sound.tensors().keySet().stream()
                                .noneMatch(other ->
                                        !other.equals(key)
                                                && other.replaceAll("\\d+", "#")
                                                        .equals(key.replaceAll("\\d+", "#")));
        boolean wholeTop = key.equals("cell_list.1.conv.weight") && sound.tensors().size() == 2;
        boolean inSequence = key.matches("(?:stem|linear|head)\\.\\d+\\.bias");
        return onlyBias || inSequence || wholeTop;
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void refusesSwappedDimensionsAndTellsBothShapes(NetworkFixture fixture) {
        Checkpoint sound = CheckpointReader.read(fixture.weights());
        RecognisedNetwork.Reading reading = RecognisedNetwork.read(sound, fixture.choices());
        for (KeyRole role : reading.roles()) {
            WeightTensor tensor = sound.tensors().get(role.key());
            if (tensor == null
                    || role.unused()
                    || tensor.rank() < 2
                    || tensor.size(0) == tensor.size(1)) {
                continue;
            }
            int[] swapped = tensor.shape();
            swapped[0] = tensor.size(1);
            swapped[1] = tensor.size(0);
            Checkpoint spoiled =
                    spoiled(
                            sound,
                            tensors ->
                                    tensors.put(
                                            role.key(),
                                            new WeightTensor(swapped, tensor.values())));

            assertThatThrownBy(() -> RecognisedNetwork.in(spoiled, fixture.choices()))
                    .as("%s: %s", fixture, role.key())
                    .isInstanceOf(LayoutException.class);
        }
    }

    /** A cell has all of its biases of the input, or of the state, or none. */
    @ParameterizedTest
    @CsvSource({
        "tutorial-convgru, conv_u.bias, conv_u.bias, is missing",
        "tutorial-convgru, conv_h_z.bias, conv_u.bias, is unknown",
        "jacobkimmel-convgru, ConvGRUCell_01.out_gate.bias, ConvGRUCell_01.out_gate.bias, is missing",
        "per-gate-convlstm, cell0.Wxi.bias, cell0.Wxo.bias, is unknown"
    })
    void refusesACellOfSomeBiases(String fixture, String key, String told, String reason) {
        Checkpoint spoiled = spoiled(checkpoint(fixture), tensors -> tensors.remove(key));

        assertThatThrownBy(() ->
                        RecognisedNetwork.in(spoiled, NetworkFixture.named(fixture).choices()))
                .hasMessageContaining("'" + told + "'")
                .hasMessageContaining(reason);
    }

    /** A convolution of two groups keeps a filter for half of its inputs. */
    @ParameterizedTest
    @MethodSource("fixtures")
    void refusesGroupedConvolutions(NetworkFixture fixture) {
        Checkpoint sound = CheckpointReader.read(fixture.weights());
        for (KeyRole role : RecognisedNetwork.read(sound, fixture.choices()).roles()) {
            WeightTensor tensor = sound.tensors().get(role.key());
            if (tensor == null || role.unused() || tensor.rank() < 4 || tensor.size(1) % 2 != 0) {
                continue;
            }
            WeightTensor half = tensor.slice(1, 0, tensor.size(1) / 2);
            Checkpoint grouped = spoiled(sound, tensors -> tensors.put(role.key(), half));

            assertThatThrownBy(() -> RecognisedNetwork.in(grouped, fixture.choices()))
                    .as("%s: %s", fixture, role.key())
                    .isInstanceOf(LayoutException.class);
        }
    }

    /** Where a fixture's manifest chooses, leaving it out is refused with the options named. */
    @ParameterizedTest
    @MethodSource("fixtures")
    void demandsEveryRequiredChoice(NetworkFixture fixture) {
        Checkpoint sound = CheckpointReader.read(fixture.weights());
        for (Question question : RecognisedNetwork.read(sound, fixture.choices()).questions()) {
            if (question.required()) {
                Map<String, String> choices = new HashMap<>(fixture.choices());
                choices.remove(question.name());

                assertThatThrownBy(() -> RecognisedNetwork.in(sound, choices))
                        .hasMessageContaining("network." + question.name())
                        .hasMessageContaining(question.options().toString());
            }
        }
    }

    @Test
    void refusesAChoiceThatIsNoOptionOrMeansNothing() {
        Checkpoint openStl = checkpoint("openstl-o-g");

        assertThatThrownBy(() ->
                        RecognisedNetwork.in(
                                openStl, Map.of("patch", "3", "hidden-state", "o*g", "gates", "x")))
                .hasMessageContaining("network.patch is one of [1, 2], got '3'")
                .hasMessageContaining("[gates] mean nothing for the layout openstl-convlstm");
    }

    @Test
    void refusesAStackWhoseGateOrderIsNotTold() {
        assertThatThrownBy(() ->
                        RecognisedNetwork.in(
                                checkpoint("fused-convlstm-ifog"),
                                Map.of("forecast", "closed-loop")))
                .hasMessageContaining("network.gates, one of [f,i,g,o, f,i,o,g, i,f,g,o, i,f,o,g]");
    }

    @Test
    void refusesTheWeightsOfAnotherFamilyThanTheManifestNames() {
        assertThatThrownBy(() ->
                        RecognisedNetwork.in(
                                checkpoint("holmdk"), Map.of("layout", "predrnn", "patch", "1")))
                .isInstanceOf(LayoutException.class)
                .hasMessageContaining("not a predrnn network")
                .hasMessageContaining("'cell_list.0.conv_x.0.weight'");
    }

    @Test
    void tellsTheKeysOfANetworkThatItDoesNotKnow() {
        Checkpoint foreign =
                spoiled(
                        checkpoint("lstm"),
                        tensors -> {
                            tensors.clear();
                            tensors.put("fc.weight", WeightTensor.zeros(1));
                        });

        assertThatThrownBy(() -> RecognisedNetwork.in(foreign, Map.of()))
                .hasMessageContaining("[fc.weight]")
                .hasMessageContaining("radar-convgru")
                .hasMessageContaining("TorchScript");
    }

    @Test
    void tellsTheLayoutBehindAWrapper() throws IOException {
        Checkpoint sound = checkpoint("holmdk");
        Checkpoint wrapped =
                spoiled(
                        sound,
                        tensors -> {
                            tensors.clear();
                            sound.tensors().forEach((key, t) -> tensors.put("net." + key, t));
                        });

        assertThatThrownBy(() -> RecognisedNetwork.in(wrapped, Map.of()))
                .hasMessageContaining("network.prefix")
                .hasMessageContaining("[net (holmdk-seq2seq)]");
        assertThat(program(wrapped, Map.of("prefix", "net"))).isEqualTo(program("holmdk"));
    }

    /**
     * As training with a moving average keeps them, {@code ema_model.module.} by PyTorch's
     * AveragedModel. The choices asked for were those of the read-out, which none could answer.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "fused-convlstm-ifgo",
                "gru",
                "openstl-tanh-c",
                "happyjin-convgru",
                "holmdk"
            })
    void asksWhichOfTwoCopiesIsTheNetwork(String name) throws IOException {
        NetworkFixture fixture = NetworkFixture.named(name);
        Checkpoint sound = checkpoint(name);
        Checkpoint twice =
                spoiled(
                        sound,
                        tensors -> {
                            tensors.clear();
                            sound.tensors()
                                    .forEach((key, tensor) -> {
                                        tensors.put("model." + key, halved(tensor));
                                        tensors.put("ema_model.module." + key, tensor);
                                    });
                            tensors.put("ema_model.n_averaged", WeightTensor.zeros());
                        });

        assertThatThrownBy(() -> RecognisedNetwork.in(twice, fixture.choices()))
                .isInstanceOf(LayoutException.class)
                .hasMessageContaining("network.prefix")
                .hasMessageContaining("model")
                .hasMessageContaining("ema_model")
                .message()
                .doesNotContain("network.head");
        Map<String, String> choices = new HashMap<>(fixture.choices());
        choices.put("prefix", "ema_model");
        assertThat(program(twice, choices)).isEqualTo(program(name));
    }

    private static WeightTensor halved(WeightTensor tensor) {
        return tensor.mapRows(0, tensor.size(0), value -> value / 2);
    }

    @Test
    void tellsTheNamesThatAPrefixCanBe() {
        assertThatThrownBy(() ->
                        RecognisedNetwork.in(checkpoint("gru"), Map.of("prefix", "ema_model")))
                .isInstanceOf(LayoutException.class)
                .hasMessage("network.prefix is 'ema_model', but the keys begin with [rnn, linear]");
    }

    @Test
    void listsEverythingThatIsMissingUnknownOrMisshapen() {
        Checkpoint spoiled =
                spoiled(
                        checkpoint("per-gate-convlstm"),
                        tensors -> {
                            tensors.remove("cell1.Wxf.bias");
                            tensors.put("cell1.Wxf.offset", WeightTensor.zeros(4));
                            tensors.remove("cell2.Whc.weight");
                            tensors.put("cell0.Wci", WeightTensor.zeros(1, 9, 8, 10));
                        });

        assertThatThrownBy(() -> RecognisedNetwork.in(spoiled, Map.of("forecast", "per-frame")))
                .hasMessageContaining("'cell1.Wxf.bias'")
                .hasMessageContaining("'cell1.Wxf.offset' tensor[4] is unknown")
                .hasMessageContaining("'cell2.Whc.weight'")
                .hasMessageContaining("is missing")
                .hasMessageContaining("'cell0.Wci' has shape [1, 9, 8, 10], expected [1, ");
    }

    /**
     * A tensor of 4 MB that promises a state of a million channels, and so gates of 10^12 values.
     */
    @Test
    void allocatesNoMoreThanTheFileHolds() {
        Checkpoint forged =
                spoiled(
                        checkpoint("per-gate-convlstm"),
                        tensors ->
                                tensors.put(
                                        "cell0.Wxi.weight", WeightTensor.zeros(1 << 20, 1, 1, 1)));
        Checkpoint stretched =
                spoiled(
                        checkpoint("lstm"),
                        tensors -> {
                            tensors.put("rnn.weight_ih_l0", WeightTensor.zeros(4 << 20, 1));
                            tensors.put("rnn.weight_hh_l0", WeightTensor.zeros(4, 1 << 20));
                        });

        for (Checkpoint checkpoint : List.of(forged, stretched)) {
            assertThatThrownBy(
                            () -> RecognisedNetwork.in(checkpoint, Map.of("forecast", "per-frame")))
                    .isInstanceOf(LayoutException.class);
        }
    }

    @Test
    void refusesALadderOfLayers() {
        Checkpoint tall =
                spoiled(
                        checkpoint("fused-convlstm-ifog"),
                        tensors -> {
                            for (int layer = 0; layer < 300; layer++) {
                                tensors.put(
                                        "cell_list." + layer + ".conv.weight",
                                        WeightTensor.zeros(4, 2, 1, 1));
                            }
                        });

        assertThatThrownBy(() ->
                        RecognisedNetwork.in(
                                tall, Map.of("forecast", "per-frame", "gates", "i,f,o,g")))
                .isInstanceOf(LayoutException.class)
                .hasMessageContaining("more than 256 layers");
    }

    @Test
    void knowsWhatEachTensorIsFor() {
        List<String> roles = new ArrayList<>();
        RecognisedNetwork.read(checkpoint("predrnn-v2"), Map.of("patch", "2"))
                .roles()
                .forEach(role -> roles.add(role.key() + ": " + role.role()));

        assertThat(roles).contains("adapter.weight: training only");
    }

    /** Numbers in keys and programs have ASCII digits whatever the language of the machine. */
    @ParameterizedTest
    @ValueSource(strings = {"jacobkimmel-convgru", "hzzone-trajgru", "openstl-layernorm"})
    @ResourceLock(Resources.LOCALE)
    void givesTheSameProgramInEveryLanguage(String name) throws IOException {
        byte[] program = program(name);
        Locale language = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("fa-IR-u-nu-arabext"));
        try {
            assertThat(program(name)).isEqualTo(program);
        } finally {
            Locale.setDefault(language);
        }
    }

    private static byte[] program(String name) throws IOException {
        return program(checkpoint(name), NetworkFixture.named(name).choices());
    }

    private static byte[] program(Checkpoint checkpoint, Map<String, String> choices)
            throws IOException {
        ByteArrayOutputStream program = new ByteArrayOutputStream();
        TorchScriptWriter.write(RecognisedNetwork.in(checkpoint, choices).network(), program);
        return program.toByteArray();
    }

    private static Checkpoint checkpoint(String fixture) {
        return CheckpointReader.read(NetworkFixture.named(fixture).weights());
    }

    private static Checkpoint spoiled(
            Checkpoint sound, Consumer<SequencedMap<String, WeightTensor>> change) {
        SequencedMap<String, WeightTensor> tensors = new LinkedHashMap<>(sound.tensors());
        change.accept(tensors);
        return sound.with(tensors);
    }
}
