package io.nowcast.network;

import io.nowcast.frames.GridShape;
import java.util.Optional;

/**
 * A network of vector series behind frames of one channel: row f of a frame {@code [F, 1]} is
 * feature f of the series, and the same of the answer.
 *
 * @param series the network, which reads and answers F channels on a grid of 1x1
 */
public record FeatureRows(RecurrentNetwork series) implements RecurrentNetwork {

    public FeatureRows {
        if (series.outputChannels() != series.inputChannels()) {
            throw new IllegalArgumentException(
                    "a series of %d features cannot be answered by %d as rows of the same grid"
                            .formatted(series.inputChannels(), series.outputChannels()));
        }
        if (series.gridMultiple() != 1 || series.onlyGrid().isPresent()) {
            throw new IllegalArgumentException("a series has a grid of 1x1");
        }
    }

    @Override
    public int inputChannels() {
        return 1;
    }

    @Override
    public int outputChannels() {
        return 1;
    }

    @Override
    public int gridMultiple() {
        return 1;
    }

    @Override
    public Optional<GridShape> onlyGrid() {
        return Optional.of(new GridShape(series.inputChannels(), 1));
    }

    @Override
    public int mostSteps(int frames) {
        return series.mostSteps(frames);
    }
}
