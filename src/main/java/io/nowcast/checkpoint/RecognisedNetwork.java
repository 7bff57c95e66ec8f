package io.nowcast.checkpoint;

import io.nowcast.network.RecurrentNetwork;
import java.util.List;
import java.util.Map;

/**
 * A network and the layout that it was recognised by.
 *
 * @param layout name of the layout
 * @param network the canonical form
 */
public record RecognisedNetwork(String layout, RecurrentNetwork network) {

    private static final List<Layout> LAYOUTS = List.of(new RadarConvGruLayout());

    /**
     * Recognises the network in a checkpoint by its keys.
     *
     * @param choices what the manifest says where keys cannot decide, by name
     * @throws CheckpointException if no layout has these keys, tensors are missing, misshapen or
     *     unknown, or a choice is open
     */
    public static RecognisedNetwork in(Checkpoint checkpoint, Map<String, String> choices) {
        Layout layout =
                LAYOUTS.stream()
                        .filter(known -> known.recognises(checkpoint.tensors().keySet()))
                        .findFirst()
                        .orElseThrow(() -> unknown(checkpoint));
        Weights weights = new Weights(checkpoint.tensors());
        Choices open = new Choices(choices);
        RecurrentNetwork network = layout.read(weights, open);
        weights.finish(layout.name());
        open.refuseUnasked(layout.name());
        return new RecognisedNetwork(layout.name(), network);
    }

    private static CheckpointException unknown(Checkpoint checkpoint) {
        List<String> keys = checkpoint.tensors().keySet().stream().limit(12).toList();
        return new CheckpointException.Unsupported(
                "no known layout has these keys: %s%s; known layouts: %s. A network that is not listed can be served as a TorchScript module"
                        .formatted(
                                keys,
                                checkpoint.tensors().size() > keys.size() ? ", ..." : "",
                                LAYOUTS.stream().map(Layout::name).toList()));
    }
}
