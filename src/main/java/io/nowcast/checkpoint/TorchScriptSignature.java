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
 */
public record TorchScriptSignature(List<Parameter> parameters, String returns, boolean traced) {

    private static final int LONGEST_NAME = 512;

    /**
     * One parameter of {@code forward}.
     *
     * @param optional whether the program has a default for it
     */
    public record Parameter(String name, String type, boolean optional) {}

    public TorchScriptSignature {
        parameters = List.copyOf(parameters);
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
        return ForwardDeclaration.find(source, name, archive.has("traced_inputs.pkl"));
    }
}
