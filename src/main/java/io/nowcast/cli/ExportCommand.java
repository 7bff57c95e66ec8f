package io.nowcast.cli;

import io.nowcast.checkpoint.Checkpoint;
import io.nowcast.layout.RecognisedNetwork;
import io.nowcast.torchscript.TorchScriptWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code export FILE --to model.ts.pt}: the TorchScript module of a checkpoint. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Writes the network as a TorchScript module.",
            "For PyTorch, libtorch or Triton: forward(frames [B,T,C,H,W], steps: int) -> [B,S,C',H,W], float32."
        })
final class ExportCommand implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private CheckpointArguments arguments = new CheckpointArguments();

    @Option(
            names = "--to",
            required = true,
            paramLabel = "FILE",
            description = "where to write the module; a file of this name is replaced at the end")
    private Path target = Path.of("model.ts.pt");

    @Override
    public Integer call() throws IOException {
        requireFile();
        PrintWriter progress = spec.commandLine().getErr();
        Checkpoint checkpoint = arguments.read(progress);
        RecognisedNetwork recognised = RecognisedNetwork.in(checkpoint, arguments.choices());
        progress.printf(
                Locale.ROOT,
                "recognised %s, %,d parameters%n",
                recognised.layout(),
                recognised.parameters());
        progress.flush();
        Path unfinished = target.resolveSibling(target.getFileName() + ".unfinished");
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(unfinished))) {
                TorchScriptWriter.write(recognised.network(), out);
            }
            Files.move(unfinished, target, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
        }
        spec.commandLine()
                .getOut()
                .printf(Locale.ROOT, "%s (%,d bytes)%n", target, Files.size(target));
        return 0;
    }

    /** Told before the weights are read. */
    private void requireFile() throws FileSystemException {
        Path folder = target.toAbsolutePath().getParent();
        if (folder == null || Files.isDirectory(target)) {
            throw new FileSystemException(
                    "--to: %s is a directory, expected a file".formatted(target));
        }
        if (!Files.isDirectory(folder)) {
            throw new FileSystemException("--to: there is no directory %s".formatted(folder));
        }
    }
}
