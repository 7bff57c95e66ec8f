package io.nowcast.layout;

import io.nowcast.network.Activation;
import io.nowcast.network.Cell;
import io.nowcast.network.Features;
import io.nowcast.network.Feed;
import io.nowcast.network.Gates;
import io.nowcast.network.GruResetBefore;
import io.nowcast.network.Layer;
import io.nowcast.network.ReadOut;
import io.nowcast.network.RecurrentNetwork;
import io.nowcast.network.StepwiseNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The ConvGRU of DSIP-FBK/ConvGRU-Ensemble: {@code encoder.blocks.N.convgru.cell.combined_gates}
 * with update and reset, {@code out_gate} with the candidate; each block of the encoder ends in a
 * pixel unshuffle by 2, each of the decoder in a pixel shuffle. A decoder block starts from the
 * unshuffled output of its encoder block, and the topmost one sees zeros: the deterministic member
 * of the ensemble. The update gate lets the new state in.
 */
final class PixelShuffleForecasterLayout implements Layout {

    private static final int BLOCK = 2;

    @Override
    public String name() {
        return "dsip-convgru";
    }

    @Override
    public boolean recognises(Set<String> keys) {
        return keys.contains("encoder.blocks.0.convgru.cell.combined_gates.weight");
    }

    @Override
    public RecurrentNetwork read(Weights weights, Choices choices) {
        int blocks = KeyPattern.count(weights.keys(), block -> gates("encoder", block) + ".weight");
        int first = CellWeights.hiddenChannels(weights, gates("encoder", 0), 2);
        List<Features> encoded = new ArrayList<>();
        Features features = new Features.Frame();
        int channels = first;
        for (int block = 0; block < blocks; block++) {
            features =
                    new Features.Through(
                            Features.Recurrent.fromZero(
                                    features, cell(weights, "encoder", block, channels, true)),
                            List.of(new Layer.SpaceToDepth(BLOCK)));
            encoded.add(features);
            channels *= BLOCK * BLOCK;
        }
        Optional<Features> unfolded = Optional.empty();
        for (int block = 0; block < blocks; block++) {
            Cell cell = cell(weights, "decoder", block, channels, unfolded.isPresent());
            Features memory =
                    Features.Recurrent.startingFrom(
                            encoded.get(blocks - 1 - block), unfolded, cell);
            unfolded =
                    Optional.of(
                            new Features.Through(memory, List.of(new Layer.DepthToSpace(BLOCK))));
            channels /= BLOCK * BLOCK;
        }
        return new StepwiseNetwork(
                first,
                Optional.of(features),
                unfolded.orElseThrow(),
                new Feed.Nothing(),
                new ReadOut.Direct(List.of()));
    }

    private static String gates(String half, int block) {
        return half + ".blocks." + block + ".convgru.cell.combined_gates";
    }

    /** A cell with as many hidden channels as inputs. */
    private static Cell cell(
            Weights weights, String half, int block, int channels, boolean takesInput) {
        String key = half + ".blocks." + block + ".convgru.cell";
        Gates gates =
                CellWeights.gates(
                        weights, key + ", gates z,r", gates(half, block), 2, channels, channels);
        Gates candidate =
                CellWeights.gates(
                        weights, key + ", candidate", key + ".out_gate", 1, channels, channels);
        return CellWeights.updateReplaces(
                takesInput ? gates : gates.withoutInput(),
                GruResetBefore.Order.ZR,
                takesInput ? candidate : candidate.withoutInput(),
                new Activation.Tanh());
    }
}
