package io.nowcast.torchscript;

import io.nowcast.network.FeatureRows;
import io.nowcast.network.RecurrentNetwork;
import io.nowcast.network.SequenceNetwork;
import io.nowcast.network.StepwiseNetwork;
import io.nowcast.network.WeightTensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a network as a TorchScript archive: a ZIP of stored entries with the module's attributes
 * (a pickle), its source and its tensors. The format is that of {@code torch.jit.save}, described
 * in PyTorch's {@code torch/csrc/jit/docs/serialization.md}.
 *
 * <p>The module's {@code forward(frames: Tensor, steps: int)} maps {@code [B, T, C, H, W]} float32
 * to {@code [B, S, C', H, W]} with S = steps; H and W are multiples of {@link
 * RecurrentNetwork#gridMultiple}. The archive is the same, byte for byte, for the same network.
 */
public final class TorchScriptWriter {

    private static final String FOLDER = "nowcast/";

    /** Not ZIP's first moment, which Java takes for a time before it and tells by the time zone. */
    private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 2, 0, 0);

    private TorchScriptWriter() {}

    /**
     * Writes the archive and closes the stream.
     *
     * @throws IOException if the stream fails
     */
    public static void write(RecurrentNetwork network, OutputStream out) throws IOException {
        write(network, Kernels.PORTABLE, NumberFormat.FLOAT32, out);
    }

    /**
     * Writes the archive with the operators of one kind and convolutions in one format, and closes
     * the stream.
     *
     * @param format float32 or bf16 for {@link Kernels#ONEDNN}
     * @throws IllegalArgumentException if a layer takes more weights as these operators have it
     *     than a tensor here can hold
     */
    public static void write(
            RecurrentNetwork network, Kernels kernels, NumberFormat format, OutputStream out)
            throws IOException {
        if (kernels == Kernels.ONEDNN && format == NumberFormat.FP16) {
            throw new IllegalArgumentException("oneDNN's operators by name are not for fp16");
        }
        ModuleBuilder module = new ModuleBuilder(kernels, format);
        module.answer(append(network, module));
        List<StoredTensor> tensors = module.tensors();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            entry(zip, "data.pkl", attributes(tensors));
            entry(zip, "code/__torch__.py", module.source().getBytes(StandardCharsets.UTF_8));
            for (int index = 0; index < tensors.size(); index++) {
                StoredTensor tensor = tensors.get(index);
                float[] values = tensor.arranged();
                entry(zip, "data/" + index, tensor.bytes(), entry -> tensor.write(values, entry));
            }
            entry(zip, "constants.pkl", new PickleWriter().emptyTuple().stop());
            entry(zip, "version", "3\n".getBytes(StandardCharsets.US_ASCII));
            entry(zip, "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** Writes the statements of a network and returns the name of its answer. */
    private static String append(RecurrentNetwork network, ModuleBuilder module) {
        return switch (network) {
            case StepwiseNetwork stepwise -> new StepwiseProgram(module, stepwise).append();
            case SequenceNetwork sequence -> new SequenceProgram(module).append(sequence);
            case FeatureRows(RecurrentNetwork series) -> {
                module.assign("frames", "torch.transpose(frames, 2, 3)");
                String answer = append(series, module);
                yield module.let("torch.transpose(%s, 2, 3)".formatted(answer));
            }
        };
    }

    private static void entry(ZipOutputStream zip, String name, byte[] content) throws IOException {
        entry(zip, name, content.length, out -> out.write(content));
    }

    /** Writes the content twice: its checksum stands before it. */
    private static void entry(ZipOutputStream zip, String name, long size, Content content)
            throws IOException {
        ZipEntry entry = new ZipEntry(FOLDER + name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(size);
        CRC32 crc = new CRC32();
        content.writeTo(new CheckedOutputStream(OutputStream.nullOutputStream(), crc));
        entry.setCrc(crc.getValue());
        entry.setTimeLocal(EPOCH);
        zip.putNextEntry(entry);
        content.writeTo(zip);
        zip.closeEntry();
    }

    private interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private static byte[] attributes(List<StoredTensor> tensors) {
        PickleWriter pickle = new PickleWriter();
        pickle.global("__torch__", "Net").emptyTuple().newObject().emptyDictionary().mark();
        for (int index = 0; index < tensors.size(); index++) {
            pickle.string("w" + index);
            appendTensor(pickle, index, tensors.get(index));
        }
        return pickle.string("training").bool(false).setItems().build().stop();
    }

    private static void appendTensor(PickleWriter pickle, int key, StoredTensor stored) {
        WeightTensor tensor = stored.tensor();
        pickle.global("torch._utils", "_rebuild_tensor_v2").mark();
        pickle.mark()
                .string("storage")
                .global("torch", stored.format().storage())
                .string(Integer.toString(key))
                .string("cpu")
                .integer(tensor.values().length)
                .tuple()
                .persistentId();
        pickle.integer(0)
                .integers(tensor.shape())
                .integers(MemoryFormat.strides(tensor))
                .bool(false);
        pickle.global("collections", "OrderedDict").emptyTuple().reduce();
        pickle.tuple().reduce();
    }
}
