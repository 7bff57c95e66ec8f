package io.nowcast.torchscript;

import io.nowcast.network.Activation;
import io.nowcast.network.Cell;
import io.nowcast.network.ConvGru;
import io.nowcast.network.Convolution;
import io.nowcast.network.EncoderForecaster;
import io.nowcast.network.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes an encoder-forecaster. Both halves go through time in one loop each and through their
 * stages inside it, so that no more than one frame's features are alive at once.
 */
final class EncoderForecasterProgram {

    private final ModuleBuilder module;
    private final LayerProgram layers;

    EncoderForecasterProgram(ModuleBuilder module) {
        this.module = module;
        this.layers = new LayerProgram(module);
    }

    void append(EncoderForecaster network) {
        List<String> states = initialStates(network.encoder());
        encode(network.encoder(), states);
        forecast(network, states);
    }

    /** Zero states, made at the size that each stage has for these frames. */
    private List<String> initialStates(List<Stage> stages) {
        List<String> states = new ArrayList<>();
        String height = "torch.size(frames, 3)";
        String width = "torch.size(frames, 4)";
        int factor = 1;
        for (Stage stage : stages) {
            factor *= stage.shrinkage();
            states.add(
                    module.let(
                            "torch.new_zeros(frames, [torch.size(frames, 0), %d, torch.floordiv(%s, %d), torch.floordiv(%s, %d)])"
                                    .formatted(
                                            stage.cell().hiddenChannels(),
                                            height,
                                            factor,
                                            width,
                                            factor)));
        }
        return states;
    }

    private void encode(List<Stage> stages, List<String> states) {
        module.loop("t", "torch.size(frames, 1)");
        String features = module.let("torch.select(frames, 1, t)");
        for (int level = 0; level < stages.size(); level++) {
            Stage stage = stages.get(level);
            features = layers.apply(stage.before(), features);
            String state = states.get(level);
            module.assign(state, step(stage.cell(), Optional.of(features), state));
            features = layers.apply(stage.after(), state);
        }
        module.endLoop();
    }

    private void forecast(EncoderForecaster network, List<String> states) {
        ReadOutProgram readOut = new ReadOutProgram(module, layers, network.readOut());
        readOut.prepare();
        module.loop("s", "steps");
        Optional<String> features = Optional.empty();
        for (int level = states.size() - 1; level >= 0; level--) {
            Stage stage = network.forecaster().get(level);
            Optional<String> input =
                    features.map(incoming -> layers.apply(stage.before(), incoming));
            String state = states.get(level);
            module.assign(state, step(stage.cell(), input, state));
            features = Optional.of(layers.apply(stage.after(), state));
        }
        readOut.frame(features.orElseThrow());
        module.endLoop();
        readOut.finish();
    }

    /** One step of a cell: the expression of the next state. */
    private String step(Cell cell, Optional<String> input, String state) {
        return switch (cell) {
            case ConvGru(
                            Optional<Convolution> inputGates,
                            Convolution hiddenGates,
                            Activation candidate) ->
                    gru(inputGates, hiddenGates, candidate, input, state);
        };
    }

    private String gru(
            Optional<Convolution> inputGates,
            Convolution hiddenGates,
            Activation candidate,
            Optional<String> input,
            String state) {
        int channels = hiddenGates.inputChannels();
        String sizes = "[%d, %d]".formatted(2 * channels, channels);
        String hidden = module.let(layers.convolution(hiddenGates, state));
        List<String> fromState =
                module.unpack(2, "torch.split_with_sizes(%s, %s, 1)".formatted(hidden, sizes));
        String gates = fromState.getFirst();
        Optional<String> candidateInput = Optional.empty();
        if (inputGates.isPresent()) {
            String seen = module.let(layers.convolution(inputGates.get(), input.orElseThrow()));
            List<String> fromInput =
                    module.unpack(2, "torch.split_with_sizes(%s, %s, 1)".formatted(seen, sizes));
            gates = module.let("torch.add_(%s, %s)".formatted(gates, fromInput.getFirst()));
            candidateInput = Optional.of(fromInput.getLast());
        }
        List<String> resetUpdate =
                module.unpack(
                        2, "torch.split(torch.sigmoid_(%s), %d, 1)".formatted(gates, channels));
        String reset = resetUpdate.getFirst();
        String fresh =
                module.let(
                        candidateInput
                                .map(seen ->
                                        "torch.addcmul(%s, %s, %s)"
                                                .formatted(seen, reset, fromState.getLast()))
                                .orElse("torch.mul(%s, %s)".formatted(reset, fromState.getLast())));
        String next = module.let(LayerProgram.activation(candidate, fresh));
        // (1 - z) n + z h = n + z (h - n), the form with one product less.
        return "torch.lerp(%s, %s, %s)".formatted(next, state, resetUpdate.getLast());
    }
}
