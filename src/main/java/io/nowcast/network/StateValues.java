package io.nowcast.network;

import java.util.Collection;

/** The float32 values of a cell for a pixel of the frame: its states, and what its step needs. */
final class StateValues {

    private StateValues() {}

    /** Values of that many channels on the grid of {@code shape}. */
    static double size(FeatureShape shape, double channels) {
        return channels / ((double) shape.shrinkage() * shape.shrinkage());
    }

    /** Values of features. */
    static double size(FeatureShape shape) {
        return size(shape, shape.channels());
    }

    /**
     * Channels of the states that go from step to step.
     *
     * @param counted the cells of the network whose states are counted already: all {@link
     *     SpatiotemporalLstm}s share one memory
     */
    static int stateChannels(Cell cell, Collection<? extends Features> counted) {
        return switch (cell) {
            case Lstm lstm -> lstm.hiddenChannels() + lstm.cellChannels();
            case SpatiotemporalLstm lstm ->
                    (counted.stream().anyMatch(StateValues::sharesMemory) ? 2 : 3)
                            * lstm.hiddenChannels();
            case GruResetAfter _, GruResetBefore _, TrajectoryGru _ -> cell.hiddenChannels();
        };
    }

    private static boolean sharesMemory(Features features) {
        return features instanceof Features.Recurrent other
                && other.cell() instanceof SpatiotemporalLstm;
    }

    /**
     * The most channels that are alive at once within a step, beside the states before it and the
     * input. The programs are those of {@code torchscript.CellProgram}.
     *
     * @param input channels of the input, 0 where the cell takes none
     */
    static int stepChannels(Cell cell, int input) {
        int hidden = cell.hiddenChannels();
        return switch (cell) {
            case Lstm lstm -> lstm(lstm, input);
            // The open gates, the state behind the reset gate, and the candidate's gates.
            case GruResetBefore gru ->
                    Math.max(
                            gates(gru.gates(), input),
                            3 * hidden + gates(gru.candidate(), input) + hidden);
            // Gates of state and of input, the candidate and the next state.
            case GruResetAfter gru -> (gru.takesInput() ? 8 : 5) * hidden;
            case TrajectoryGru gru -> trajectory(gru);
            // input 7, hidden 4, memory 3, their two sums 3 each; a norm writes another copy. The
            // convolutions of few channels hold 16 more, as measured.
            case SpatiotemporalLstm lstm -> (normalises(lstm) ? 40 : 36) * hidden;
        };
    }

    private static int lstm(Lstm cell, int input) {
        int channels = cell.cellChannels();
        // The gates, the next state and what is let through.
        return Math.max(
                gates(cell.gates(), input), 4 * channels + 2 * channels + cell.hiddenChannels());
    }

    /** Input and state side by side where they share a convolution, else a part of gates each. */
    private static int gates(Gates gates, int input) {
        int sum = gates.channels();
        int joined = input + gates.hiddenChannels() + sum;
        int apart = 2 * sum;
        int normalised = gates.norm().isEmpty() ? 0 : 2 * sum;
        return Math.max(Math.max(joined, apart), normalised)
                + (gates.input().size() > 1 || gates.hidden().size() > 1 ? sum : 0);
    }

    private static int trajectory(TrajectoryGru cell) {
        int sampled = cell.links() * cell.hiddenChannels();
        int flow = 2 * cell.flowHidden().outputChannels();
        int fields = 2 * cell.links() + 6;
        // Sampled states are listed, then joined; the convolution orders them anew.
        return Math.max(flow, fields + 2 * sampled + 3 * cell.hiddenChannels())
                + 8 * cell.hiddenChannels();
    }

    private static boolean normalises(SpatiotemporalLstm cell) {
        return cell.input().size() > 1;
    }
}
