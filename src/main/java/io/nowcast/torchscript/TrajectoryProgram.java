package io.nowcast.torchscript;

import io.nowcast.network.TrajectoryGru;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes how a trajectory GRU reads its state along learned flow fields. */
final class TrajectoryProgram {

    private final ModuleBuilder module;
    private final LayerProgram layers;

    TrajectoryProgram(ModuleBuilder module, LayerProgram layers) {
        this.module = module;
        this.layers = layers;
    }

    /** The states at the start of each trajectory, side by side: {@code [B, L·N, H, W]}. */
    String sampled(TrajectoryGru cell, Optional<String> input, String hidden) {
        String features = module.let(layers.convolution(cell.flowHidden(), hidden));
        if (input.isPresent()) {
            String seen = layers.convolution(cell.flowInput().getFirst(), input.get());
            features = module.let("torch.add_(%s, %s)".formatted(features, seen));
        }
        String activated = module.let(LayerProgram.inPlace(cell.activation(), features));
        String flows = module.let(layers.convolution(cell.flows(), activated));
        List<String> fields =
                module.unpack(2 * cell.links(), "torch.unbind(%s, 1)".formatted(flows));
        String columns = positions(flows, 3);
        String rows = module.let("torch.unsqueeze(%s, 1)".formatted(positions(flows, 2)));
        List<String> states = new ArrayList<>();
        for (int link = 0; link < cell.links(); link++) {
            String x = normalised(columns, fields.get(2 * link), flows, 3);
            String y = normalised(rows, fields.get(2 * link + 1), flows, 2);
            // Bilinear, zeros outside, coordinates -1 and 1 at the centres of the border pixels.
            states.add(
                    module.let(
                            "torch.grid_sampler(%s, torch.stack([%s, %s], -1), 0, 0, True)"
                                    .formatted(hidden, x, y)));
        }
        return module.let("torch.cat([%s], 1)".formatted(String.join(", ", states)));
    }

    private String positions(String flows, int dimension) {
        return module.let(
                "torch.arange(torch.size(%s, %s), dtype=6, layout=None, device=ops.prim.device(%s), pin_memory=False)"
                        .formatted(flows, dimension, flows));
    }

    private String normalised(String positions, String flow, String flows, int dimension) {
        return module.let(
                "torch.sub(torch.mul(torch.sub(%s, %s), torch.div(2., ops.prim.max(torch.sub(torch.size(%s, %s), 1), 1))), 1)"
                        .formatted(positions, flow, flows, dimension));
    }
}
