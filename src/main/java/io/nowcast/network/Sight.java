package io.nowcast.network;

import io.nowcast.frames.GridShape;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How far a pixel of a network's answer sees.
 *
 * @param once pixels to each side, through the layers of both passes
 * @param everyStep pixels more with every frame and lead step
 * @param bounded whether that is all: where content moves along predicted or learned motion it is
 *     not
 * @param wholeGrid whether statistics over the grid let every pixel see all others
 */
public record Sight(int once, int everyStep, boolean bounded, boolean wholeGrid) {

    private static final GridShape ANY = new GridShape(1, 1);

    /** Follows the layers of a network. */
    public static Sight of(RecurrentNetwork network) {
        StepCost observed = StepCost.ofObservedFrame(network, ANY);
        StepCost lead = StepCost.ofLeadStep(network, ANY);
        Survey survey = new Survey();
        survey.network(network);
        int once = observed.reach() + lead.reach();
        int states = Math.max(observed.stateReach(), lead.stateReach());
        // A prediction that is fed back is seen through all layers anew, and a memory that climbs
        // from layer to layer passes all of them within a step.
        boolean everyLayer = survey.feedsBack || survey.climbs;
        return new Sight(
                once,
                everyLayer ? once + survey.cells * states : states,
                !survey.moves,
                survey.norms);
    }

    private static final class Survey {

        private final Set<Features> seen = new HashSet<>();
        private int cells;
        private boolean feedsBack;
        private boolean climbs;
        private boolean moves;
        private boolean norms;

        void network(RecurrentNetwork network) {
            switch (network) {
                case StepwiseNetwork stepwise -> {
                    stepwise.observer().ifPresent(this::features);
                    features(stepwise.forecaster());
                    layers(stepwise.readOut().layers());
                    moves |= stepwise.readOut() instanceof ReadOut.Advection;
                    feed(stepwise.feed());
                }
                case SequenceNetwork sequence -> {
                    sequence.levels()
                            .forEach(level -> {
                                cell(level.forward());
                                level.backward().ifPresent(this::cell);
                            });
                    layers(sequence.head());
                }
                case FeatureRows(RecurrentNetwork series) -> network(series);
            }
        }

        private void feed(Feed feed) {
            switch (feed) {
                case Feed.Prediction _ -> feedsBack = true;
                case Feed.OwnFeatures(Features first) -> {
                    feedsBack = true;
                    features(first);
                }
                case Feed.Nothing _, Feed.LastFrame _, Feed.ObservedFrames _ -> {}
            }
        }

        private void features(Features features) {
            if (!seen.add(features)) {
                return;
            }
            switch (features) {
                case Features.Frame _ -> {}
                case Features.Through(Features input, List<Layer> layers) -> {
                    layers(layers);
                    features(input);
                }
                case Features.Joined(List<Features> parts) -> parts.forEach(this::features);
                case Features.Sum(Features first, Features second) -> {
                    features(first);
                    features(second);
                }
                case Features.Recurrent memory -> {
                    memory.input().ifPresent(this::features);
                    memory.start().ifPresent(this::features);
                    cell(memory.cell());
                }
            }
        }

        private void cell(Cell cell) {
            cells++;
            CellPaths.of(cell).forEach(path -> layers(path.layers()));
            climbs |= cell instanceof SpatiotemporalLstm;
            moves |= cell instanceof TrajectoryGru;
        }

        private void layers(List<? extends Layer> layers) {
            norms |= layers.stream().anyMatch(Sight::isOverGrid);
        }
    }

    private static boolean isOverGrid(Layer layer) {
        return switch (layer) {
            case Layer.GroupNorm _, Layer.LayerNorm _ -> true;
            case Convolution _,
                    Layer.Activate _,
                    Layer.Scale _,
                    Layer.Channel _,
                    Layer.SpaceToDepth _,
                    Layer.DepthToSpace _ ->
                    false;
        };
    }
}
