package io.nowcast.layout;

import static org.assertj.core.api.Assertions.assertThat;

import io.nowcast.checkpoint.Checkpoint;
import io.nowcast.network.Cell;
import io.nowcast.network.Convolution;
import io.nowcast.network.Features;
import io.nowcast.network.Layer;
import io.nowcast.network.SpatiotemporalLstm;
import io.nowcast.network.StepwiseNetwork;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What becomes of weights that no fixture has, against values worked out by hand. */
class RewrittenWeightsTest {

    @Test
    void addsTheForgetBiasOfPredRnnToABiasOfTheFile() {
        Checkpoint checkpoint =
                new HandmadeCheckpoint()
                        .biased("cell_list.0.conv_x.0", 7, 4, 3, 3)
                        .with("cell_list.0.conv_h.0.weight", 4, 1, 3, 3)
                        .with("cell_list.0.conv_m.0.weight", 3, 1, 3, 3)
                        .with("cell_list.0.conv_o.0.weight", 1, 2, 3, 3)
                        .with("cell_list.0.conv_last.weight", 1, 2, 1, 1)
                        .with("conv_last.weight", 4, 1, 1, 1)
                        .checkpoint();

        SpatiotemporalLstm cell =
                (SpatiotemporalLstm) cell(stepwise(checkpoint, Map.of("patch", "2")));

        // i, f, g, i', f', g', o: one more for f and f'.
        assertThat(bias(cell.input())).containsExactly(1, 3, 3, 4, 6, 6, 7);
    }

    /** Row, column, channel of a patch in the file; channel, row, column in the network. */
    @Test
    void ordersTheBiasOfAPatchedReadOutAsItsRows() {
        Checkpoint checkpoint =
                new HandmadeCheckpoint()
                        .with("cell_list.0.conv_x.0.weight", 4, 8, 1, 1)
                        .with("cell_list.0.conv_h.0.weight", 4, 1, 1, 1)
                        .biased("conv_last", 8, 1, 1, 1)
                        .checkpoint();

        List<Layer> readOut =
                stepwise(checkpoint, Map.of("patch", "2", "hidden-state", "o*g"))
                        .readOut()
                        .layers();

        assertThat(weight(readOut)).containsExactly(1, 3, 5, 7, 2, 4, 6, 8);
        assertThat(bias(readOut)).containsExactly(1, 3, 5, 7, 2, 4, 6, 8);
    }

    private static StepwiseNetwork stepwise(Checkpoint checkpoint, Map<String, String> choices) {
        return (StepwiseNetwork) RecognisedNetwork.in(checkpoint, choices).network();
    }

    private static Cell cell(StepwiseNetwork network) {
        return ((Features.Recurrent) network.forecaster()).cell();
    }

    private static float[] weight(List<Layer> layers) {
        return ((Convolution) layers.getFirst()).weight().values();
    }

    private static float[] bias(List<Layer> layers) {
        return ((Convolution) layers.getFirst()).bias().orElseThrow().values();
    }
}
