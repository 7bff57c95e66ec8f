package io.nowcast.network;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The ways through the convolutions of each kind of cell. */
final class CellPaths {

    private CellPaths() {}

    static List<CellPath> of(Cell cell) {
        List<CellPath> paths = new ArrayList<>();
        int channels = cell.hiddenChannels();
        switch (cell) {
            case Lstm lstm -> {
                add(paths, lstm.gates());
                lstm.projection()
                        .ifPresent(projection ->
                                paths.add(
                                        CellPath.ofState(
                                                lstm.cellChannels(), List.of(projection))));
            }
            case GruResetBefore gru -> {
                add(paths, gru.gates());
                add(paths, gru.candidate());
            }
            case GruResetAfter gru -> {
                paths.add(CellPath.ofInput(gru.input()));
                paths.add(CellPath.ofState(channels, List.of(gru.hidden())));
            }
            case TrajectoryGru gru -> {
                paths.add(CellPath.ofInput(gru.input()));
                paths.add(CellPath.ofInput(gru.flowInput()));
                paths.add(CellPath.ofState(channels, List.of(gru.flowHidden(), gru.flows())));
                paths.add(CellPath.ofState(gru.links() * channels, List.of(gru.hidden())));
            }
            case SpatiotemporalLstm lstm -> {
                paths.add(CellPath.ofInput(lstm.input()));
                paths.add(CellPath.ofState(channels, lstm.hidden()));
                paths.add(CellPath.ofState(channels, lstm.memory()));
                paths.add(CellPath.ofState(2 * channels, lstm.output()));
                paths.add(CellPath.ofState(2 * channels, List.of(lstm.last())));
            }
        }
        return paths;
    }

    /** How far a step sees: the ways that follow each other within it are one. */
    static List<CellPath> throughStep(Cell cell) {
        int channels = cell.hiddenChannels();
        return switch (cell) {
            // The candidate reads the state behind the reset gate, which has read both.
            case GruResetBefore gru when gru.takesInput() ->
                    List.of(
                            CellPath.ofInput(gru.candidate().input()),
                            CellPath.ofInput(joined(gru.gates().input(), gru.candidate().hidden())),
                            CellPath.ofState(
                                    channels,
                                    joined(gru.gates().hidden(), gru.candidate().hidden())));
            case GruResetBefore gru ->
                    List.of(
                            CellPath.ofState(
                                    channels,
                                    joined(gru.gates().hidden(), gru.candidate().hidden())));
            // The output gate reads the memories as they are after the step.
            case SpatiotemporalLstm lstm ->
                    List.of(
                            CellPath.ofInput(joined(lstm.input(), lstm.output())),
                            CellPath.ofState(channels, joined(lstm.hidden(), lstm.output())),
                            CellPath.ofState(channels, joined(lstm.memory(), lstm.output())));
            case Lstm _, GruResetAfter _, TrajectoryGru _ -> of(cell);
        };
    }

    private static List<Layer> joined(List<Layer> first, List<Layer> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    private static void add(List<CellPath> paths, Gates gates) {
        List<Layer> hidden = new ArrayList<>(gates.hidden());
        hidden.addAll(gates.norm());
        paths.add(CellPath.ofInput(gates.input()));
        paths.add(CellPath.ofState(gates.hiddenChannels(), hidden));
    }
}
