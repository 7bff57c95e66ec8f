package io.nowcast.network;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Encoder-forecaster (Shi et al. 2015, arXiv:1506.04214, and 2017, arXiv:1706.03458): the encoder's
 * stages read the observed frames from fine to coarse, the forecaster's stages start from the
 * encoder's states and unfold from coarse to fine. The forecaster sees no frames; its topmost cell
 * runs on its state alone.
 *
 * @param encoder stages from the finest to the coarsest
 * @param forecaster stages from the finest to the coarsest; each starts from the state of the
 *     encoder's stage at the same index
 * @param readOut from the finest forecaster stage to a frame
 */
public record EncoderForecaster(List<Stage> encoder, List<Stage> forecaster, ReadOut readOut)
        implements RecurrentNetwork {

    public EncoderForecaster {
        encoder = List.copyOf(encoder);
        forecaster = List.copyOf(forecaster);
        if (encoder.isEmpty() || encoder.size() != forecaster.size()) {
            throw new IllegalArgumentException(
                    "an encoder-forecaster has as many forecaster stages as encoder stages, got %d and %d"
                            .formatted(encoder.size(), forecaster.size()));
        }
        for (int level = 0; level < encoder.size(); level++) {
            int encoded = encoder.get(level).cell().hiddenChannels();
            int forecast = forecaster.get(level).cell().hiddenChannels();
            if (encoded != forecast) {
                throw new IllegalArgumentException(
                        "stage %d: the forecaster's cell starts from the encoder's state of %d channels but has %d"
                                .formatted(level, encoded, forecast));
            }
        }
    }

    @Override
    public int inputChannels() {
        int divisor = 1;
        for (Layer layer : encoder.getFirst().before()) {
            switch (layer) {
                case Layer.SpaceToDepth(int block) -> divisor *= block * block;
                case Layer.DepthToSpace(int block) -> divisor /= block * block;
                case Layer.Activate _ -> {}
                case Convolution convolution -> {
                    return convolution.inputChannels() / divisor;
                }
            }
        }
        throw new IllegalStateException("the first encoder stage has no convolution");
    }

    @Override
    public int gridMultiple() {
        return encoder.stream().mapToInt(Stage::shrinkage).reduce(1, (a, b) -> a * b);
    }

    @Override
    public long parameterCount() {
        Stream<Layer> feedForward =
                Stream.of(
                                Stream.concat(encoder.stream(), forecaster.stream())
                                        .flatMap(stage ->
                                                Stream.concat(
                                                        stage.before().stream(),
                                                        stage.after().stream())),
                                readOut.layers().stream())
                        .flatMap(layers -> layers);
        Stream<Convolution> recurrent =
                Stream.concat(encoder.stream(), forecaster.stream())
                        .flatMap(stage -> convolutions(stage.cell()));
        return Stream.concat(
                        feedForward
                                .filter(Convolution.class::isInstance)
                                .map(Convolution.class::cast),
                        recurrent)
                .mapToLong(EncoderForecaster::values)
                .sum();
    }

    private static Stream<Convolution> convolutions(Cell cell) {
        return switch (cell) {
            case ConvGru(Optional<Convolution> input, Convolution hidden, Activation _) ->
                    Stream.concat(input.stream(), Stream.of(hidden));
        };
    }

    private static long values(Convolution convolution) {
        return (long) convolution.weight().values().length
                + convolution.bias().map(bias -> bias.values().length).orElse(0);
    }
}
