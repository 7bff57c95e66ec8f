package io.nowcast.cli;

import io.nowcast.checkpoint.CheckpointException;
import io.nowcast.codec.CodecException;
import io.nowcast.layout.LayoutException;
import io.nowcast.model.ModelException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The top command; the work is in its subcommands. */
@Command(
        name = "nowcast",
        description = {
            "Looks into checkpoints of recurrent networks, turns them into TorchScript, makes API keys.",
            "Without a command the jar starts the service."
        },
        subcommands = {
            InspectCommand.class,
            ExportCommand.class,
            VerifyCommand.class,
            KeyCommand.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = NowcastCommand.JarVersion.class,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:the numbers differ (verify), or the manifest must still choose (inspect)",
            "2:wrong use of the command",
            "3:a file is refused; the reason is on the error stream"
        })
public final class NowcastCommand {

    static final int DIFFERENT = 1;
    static final int REFUSED = 3;

    private static final Set<String> NAMES =
            Set.of("inspect", "export", "verify", "key", "--help", "-h", "--version", "-V");

    /** Whether these arguments are for the command line and not for the service. */
    public static boolean isMeant(String[] arguments) {
        return arguments.length > 0 && NAMES.contains(arguments[0]);
    }

    /** The version that the jar was built as. */
    static final class JarVersion implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = NowcastCommand.class.getPackage().getImplementationVersion();
            return new String[] {"nowcast " + (version == null ? "(not from a jar)" : version)};
        }
    }

    /** Runs a command and returns its exit code. */
    public static int run(PrintWriter out, PrintWriter err, String... arguments) {
        return new CommandLine(new NowcastCommand())
                .setOut(out)
                .setErr(err)
                .setExecutionExceptionHandler(NowcastCommand::refuse)
                .execute(arguments);
    }

    private static int refuse(
            Exception problem, CommandLine command, CommandLine.ParseResult parsed)
            throws Exception {
        return switch (problem) {
            case CheckpointException _,
                    LayoutException _,
                    ModelException _,
                    CodecException _,
                    IOException _ -> {
                command.getErr().println(problem.getMessage());
                yield REFUSED;
            }
            default -> throw problem;
        };
    }
}
