package io.nowcast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.nowcast.checkpoint.CheckpointReader;
import io.nowcast.layout.RecognisedNetwork;
import io.nowcast.model.NowcastModel;
import io.nowcast.testing.NetworkFixture;
import io.nowcast.testing.NumpyFile;
import io.nowcast.torchscript.Kernels;
import io.nowcast.torchscript.NumberFormat;
import io.nowcast.torchscript.TorchScriptWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The programs that GPUs get, and that {@code export} writes, against what PyTorch computed in
 * float64 for the same weights. They run anywhere; here on the device of the other tests.
 */
class PortableProgramTest {

    @TempDir Path directory;

    static List<NetworkFixture> fixtures() throws IOException {
        return NetworkFixture.all();
    }

    /** float32 against float64 through a few steps of recurrence, as with oneDNN's operators. */
    @ParameterizedTest
    @MethodSource("fixtures")
    void givesInFloat32WhatPyTorchGives(NetworkFixture fixture) throws IOException {
        assertThat(error(fixture, NumberFormat.FLOAT32)).isLessThan(TestedDevice.tolerance(1e-5f));
    }

    /**
     * fp16 keeps 11 bits, so a product is off by up to 2^-11; the bound is that of bf16, which
     * keeps three bits fewer, by these eight.
     */
    @ParameterizedTest
    @MethodSource("fixtures")
    void staysInFp16CloseToWhatPyTorchGives(NetworkFixture fixture) throws IOException {
        assertThat(error(fixture, NumberFormat.FP16)).isLessThan(0.05f / 8);
    }

    /** The bound of {@link PrecisionTest}, for processors whose bf16 goes through oneDNN there. */
    @ParameterizedTest
    @MethodSource("fixtures")
    void staysInBf16CloseToWhatPyTorchGives(NetworkFixture fixture) throws IOException {
        assertThat(error(fixture, NumberFormat.BF16)).isLessThan(0.05f);
    }

    /** The largest difference, as a part of the answer's range where that is more than 1. */
    private float error(NetworkFixture fixture, NumberFormat format) throws IOException {
        Path module = directory.resolve("module.pt");
        RecognisedNetwork network =
                RecognisedNetwork.in(CheckpointReader.read(fixture.weights()), fixture.choices());
        TorchScriptWriter.write(
                network.network(), Kernels.PORTABLE, format, Files.newOutputStream(module));
        NumpyFile expected = fixture.array("expected");
        try (NowcastModel model =
                new DjlModelLoader()
                        .open(new TreeMap<>(Map.of("", module)), Map.of(), TestedDevice.NAME)) {
            float[] forecast =
                    NetworkFixturesTest.predict(model, fixture.array("input"), expected.size(1));
            return NetworkFixturesTest.difference(forecast, expected.values())
                    / Math.max(1, NetworkFixturesTest.largest(expected.values()));
        }
    }
}
