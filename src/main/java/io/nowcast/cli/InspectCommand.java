package io.nowcast.cli;

import io.nowcast.checkpoint.Checkpoint;
import io.nowcast.checkpoint.CheckpointFormat;
import io.nowcast.checkpoint.TorchScriptSignature;
import io.nowcast.frames.GridShape;
import io.nowcast.layout.RecognisedNetwork;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code inspect FILE}: what is in a checkpoint, and the manifest that serves it. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = {
            "Tells what is in a checkpoint and how to serve it.",
            "Prints the layout, every key with its shape and role, what a step of the network costs,",
            "and a model.yaml with the open questions marked."
        })
final class InspectCommand implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private CheckpointArguments arguments = new CheckpointArguments();

    @Option(
            names = "--grid",
            paramLabel = "HxW",
            defaultValue = "256x256",
            converter = GridConverter.class,
            description = "the grid that costs are told for; ${DEFAULT-VALUE} where not given")
    private GridShape grid = new GridShape(256, 256);

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Path first = arguments.files().firstEntry().getValue();
        if (CheckpointFormat.detect(first) == CheckpointFormat.TORCHSCRIPT) {
            module(out, first);
            return 0;
        }
        Checkpoint checkpoint = arguments.read(spec.commandLine().getErr());
        RecognisedNetwork.Reading reading = RecognisedNetwork.read(checkpoint, arguments.choices());
        new InspectionReport(out).print(checkpoint, reading, arguments.files(), grid);
        out.flush();
        return reading.problems().isEmpty() ? 0 : NowcastCommand.DIFFERENT;
    }

    private static void module(PrintWriter out, Path file) {
        TorchScriptSignature signature = TorchScriptSignature.read(file);
        out.printf(
                "%s: a TorchScript module, served as it is%n%nforward:%n",
                ForeignText.line(file.toString()));
        signature
                .parameters()
                .forEach(parameter ->
                        out.println(
                                ForeignText.line(
                                        "  %s: %s".formatted(parameter.name(), parameter.type()))));
        out.println(ForeignText.line("  returns " + signature.returns()));
        if (signature.traced()) {
            out.printf(
                    "%nTraced with frames of shape %s: the number of frames, of lead steps and perhaps the grid are fixed.%n",
                    signature.tracedFrames());
        }
        out.flush();
    }
}
