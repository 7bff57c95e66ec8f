package io.nowcast.network;

import io.nowcast.frames.GridShape;
import java.util.List;
import java.util.Optional;

/**
 * A stack whose layers run over the whole sequence, one after the other, forwards and where wanted
 * also backwards; a head reads the last layer.
 *
 * @param inputChannels channels of an observed frame
 * @param levels from the first layer to the last
 * @param head from the last layer's states to the answer
 * @param answer which states the head reads
 */
public record SequenceNetwork(
        int inputChannels, List<Level> levels, List<Layer> head, Answer answer)
        implements RecurrentNetwork {

    public SequenceNetwork {
        levels = List.copyOf(levels);
        head = List.copyOf(head);
        infer(inputChannels, levels, head);
    }

    private static Inferred infer(int inputChannels, List<Level> levels, List<Layer> head) {
        ShapeInference inference = new ShapeInference(new FeatureShape(inputChannels, 1));
        Features features = new Features.Frame();
        for (Level level : levels) {
            features = level.over(features);
        }
        FeatureShape answer = inference.after(head, inference.of(features));
        return new Inferred(answer.channels(), inference);
    }

    /** Channels of the head's answer, which are lead steps where it answers all at once. */
    public int headChannels() {
        return infer(inputChannels, levels, head).channels();
    }

    @Override
    public int outputChannels() {
        return switch (answer) {
            case PER_FRAME -> headChannels();
            case ALL_AT_ONCE, FROM_FINAL_STATES -> 1;
        };
    }

    @Override
    public int gridMultiple() {
        return infer(inputChannels, levels, head).shapes().gridMultiple();
    }

    @Override
    public Optional<GridShape> onlyGrid() {
        return infer(inputChannels, levels, head).shapes().onlyGrid();
    }

    @Override
    public int mostSteps(int frames) {
        return switch (answer) {
            case PER_FRAME -> frames;
            case ALL_AT_ONCE, FROM_FINAL_STATES -> headChannels();
        };
    }

    /**
     * One layer of cells.
     *
     * @param forward runs from the oldest frame to the latest
     * @param backward runs from the latest to the oldest; its states join the forward ones
     */
    public record Level(Cell forward, Optional<Cell> backward) {

        /** Channels of the states of both directions together. */
        public int hiddenChannels() {
            return forward.hiddenChannels() + backward.map(Cell::hiddenChannels).orElse(0);
        }

        Features over(Features input) {
            Features ahead = Features.Recurrent.fromZero(input, forward);
            return backward.<Features>map(cell ->
                            new Features.Joined(
                                    List.of(ahead, Features.Recurrent.fromZero(input, cell))))
                    .orElse(ahead);
        }
    }

    /** Which states the head reads. */
    public enum Answer {
        /** Every frame's: one forecast frame for each observed one. */
        PER_FRAME,
        /** The last frame's; the channels of the answer are the lead steps. */
        ALL_AT_ONCE,
        /**
         * Those that each direction of the last layer ends with: the last frame's forwards, the
         * first frame's backwards; the channels of the answer are the lead steps.
         */
        FROM_FINAL_STATES
    }

    private record Inferred(int channels, ShapeInference shapes) {}
}
