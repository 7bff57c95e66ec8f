package io.nowcast.engine;

import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import io.nowcast.layout.RecognisedNetwork;
import io.nowcast.model.DeviceName;
import io.nowcast.model.Footprint;
import io.nowcast.model.ModelFacts;
import io.nowcast.model.NowcastModel;
import io.nowcast.network.RecurrentNetwork;
import io.nowcast.network.Sight;
import io.nowcast.network.WorkingMemory;
import io.nowcast.torchscript.NumberFormat;
import io.nowcast.torchscript.TorchScriptWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;

/**
 * A network written as TorchScript for one device and number format, and what is told of it: any
 * number of copies are loaded from it.
 */
final class NetworkArchive {

    /** Longest array of every Java runtime. */
    private static final int LONGEST = Integer.MAX_VALUE - 8;

    private final byte[] torchScript;
    private final ModelFacts facts;

    private NetworkArchive(byte[] torchScript, ModelFacts facts) {
        this.torchScript = torchScript;
        this.facts = facts;
    }

    /**
     * Writes a network.
     *
     * @throws IOException if it takes more bytes than an archive in memory can have
     */
    static NetworkArchive of(
            RecognisedNetwork recognised,
            String digest,
            PrecisionCheck.Choice precision,
            DeviceName device)
            throws IOException {
        RecurrentNetwork network = recognised.network();
        requireFitting(recognised.parameters(), precision.format());
        ByteArrayOutputStream torchScript = new ByteArrayOutputStream();
        TorchScriptWriter.write(
                network,
                Processor.kernels(device, precision.format()),
                precision.format(),
                torchScript);
        return new NetworkArchive(
                torchScript.toByteArray(),
                new ModelFacts(
                        recognised.layout(),
                        digest,
                        recognised.parameters(),
                        network.outputChannels(),
                        network.gridMultiple(),
                        network.onlyGrid(),
                        false,
                        precision.facts(),
                        footprint(network)));
    }

    private static void requireFitting(long parameters, NumberFormat format) throws IOException {
        long bytes = parameters * format.bytes();
        if (bytes > LONGEST) {
            throw new IOException(
                    "the network has %d parameters, which take %d bytes in %s; at most %d can be loaded"
                            .formatted(parameters, bytes, format, LONGEST));
        }
    }

    private static Footprint footprint(RecurrentNetwork network) {
        Sight sight = Sight.of(network);
        return new Footprint(
                Optional.of(WorkingMemory.of(network)::bytes),
                Optional.of(
                        new Footprint.Sight(
                                sight.once(),
                                sight.everyStep(),
                                sight.bounded(),
                                sight.wholeGrid())));
    }

    /**
     * A copy that the calling thread owns.
     *
     * @param manager of the device that the archive was written for; the copy closes it
     */
    NowcastModel load(PtNDManager manager) throws IOException {
        PtSymbolBlock module =
                JniUtils.loadModule(manager, new ByteArrayInputStream(torchScript), true, false);
        return new TorchScriptModel(manager, module, facts, true);
    }
}
