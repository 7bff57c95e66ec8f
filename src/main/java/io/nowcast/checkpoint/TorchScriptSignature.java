package io.nowcast.checkpoint;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/**
 * How to call a TorchScript program: the parameters of the top module's {@code forward} without
 * {@code self}, with their types as the program spells them, such as {@code Tensor} or {@code int}.
 *
 * @param returns the type of the result
 * @param traced whether the archive keeps inputs of {@code torch.jit.trace}; a traced program has
 *     baked in everything but its tensors, such as the number of steps
 * @param tracedFrames the shape of the first tensor that it was traced with; empty where the
 *     archive does not tell
 */
public record TorchScriptSignature(
        List<Parameter> parameters, String returns, boolean traced, List<Integer> tracedFrames) {

    private static final int LONGEST_NAME = 512;
    private static final String TRACED_INPUTS = "traced_inputs.pkl";

    /**
     * One parameter of {@code forward}.
     *
     * @param optional whether the program has a default for it
     */
    public record Parameter(String name, String type, boolean optional) {}

    public TorchScriptSignature {
        parameters = List.copyOf(parameters);
        tracedFrames = List.copyOf(tracedFrames);
    }

    /**
     * Reads the signature from the program's text. Nothing is run.
     *
     * @throws CheckpointException if the file is not a TorchScript archive or has no {@code
     *     forward}
     */
    public static TorchScriptSignature read(Path file) {
        try (MappedFile mapped = MappedFile.open(file)) {
            return read(mapped.bytes());
        }
    }

    static TorchScriptSignature read(MemorySegment file) {
        CheckpointFormat format = CheckpointFormat.detect(file);
        if (format != CheckpointFormat.TORCHSCRIPT) {
            throw new CheckpointException.Unsupported("expected TorchScript, got " + format);
        }
        TorchArchive archive = TorchArchive.open(file);
        ByteCursor pickle = archive.pickle();
        if (pickle.unsignedByte() != 0x80
                || pickle.unsignedByte() < 2
                || pickle.unsignedByte() != 'c') {
            throw pickle.malformed("expected a pickle that begins with the module's class");
        }
        String module = pickle.line(LONGEST_NAME);
        String name = pickle.line(LONGEST_NAME);
        String source = archive.text("code/" + module.replace('.', '/') + ".py");
        return archive.has(TRACED_INPUTS)
                ? ForwardDeclaration.find(source, name).traced(tracedFrames(archive))
                : ForwardDeclaration.find(source, name);
    }

    private TorchScriptSignature traced(List<Integer> frames) {
        return new TorchScriptSignature(parameters, returns, true, frames);
    }

    /** The archive keeps, by method, the list of the inputs that it was traced with. */
    private static List<Integer> tracedFrames(TorchArchive archive) {
        PickledValue inputs = Unpickler.read(archive.pickle(TRACED_INPUTS)).value();
        return inputs instanceof PickledValue.Mapping methods
                        && methods.get("forward").orElse(inputs)
                                instanceof PickledValue.Sequence arguments
                        && !arguments.items().isEmpty()
                        && arguments.items().getFirst() instanceof PickledValue.Tensor(var view)
                ? view.shape().stream().map(Math::toIntExact).toList()
                : List.of();
    }
}
