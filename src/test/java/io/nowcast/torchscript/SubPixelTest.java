package io.nowcast.torchscript;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nowcast.network.Convolution;
import io.nowcast.network.WeightTensor;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubPixelTest {

    /**
     * The square of the first is more than an int; the weights of the second are more than an
     * array.
     */
    @ParameterizedTest
    @CsvSource({"46341, 1, 2147488281", "4096, 16, 4294967296"})
    void weightsThatNoArrayHoldsAreRefused(int stride, int channels, String weights) {
        Convolution convolution =
                new Convolution(
                        WeightTensor.zeros(channels, channels, 1, 1),
                        Optional.empty(),
                        stride,
                        0,
                        true);

        assertThatThrownBy(() -> SubPixel.of(convolution))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("stride " + stride)
                .hasMessageContaining(weights + " weights")
                .hasMessageContaining("at most 2147483639");
    }
}
