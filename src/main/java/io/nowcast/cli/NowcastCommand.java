package io.nowcast.cli;

import io.nowcast.checkpoint.CheckpointException;
import io.nowcast.codec.CodecException;
import io.nowcast.layout.LayoutException;
import io.nowcast.model.ModelException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
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
            "3:a file is refused; the reason is on the error stream",
            "4:the command failed unexpectedly; what happened is on the error stream"
        })
public final class NowcastCommand {

    static final int DIFFERENT = 1;
    static final int WRONG_USE = 2;
    static final int REFUSED = 3;
    static final int FAILED = 4;

    private static final Set<String> OPTIONS = Set.of("--help", "-h", "--version", "-V");

    /**
     * Whether these arguments are for the command line and not for the service, whose arguments are
     * {@code --name=value}: a mistyped command must not start it.
     */
    public static boolean isMeant(String[] arguments) {
        return arguments.length > 0 && (OPTIONS.contains(arguments[0]) || isWord(arguments[0]));
    }

    private static boolean isWord(String argument) {
        return !argument.isBlank() && !argument.startsWith("-");
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
        CommandLine command =
                new CommandLine(new NowcastCommand())
                        .setOut(out)
                        .setErr(err)
                        .setExecutionExceptionHandler(NowcastCommand::refuse);
        Set<String> known = command.getSubcommands().keySet();
        if (arguments.length > 0 && isWord(arguments[0]) && !known.contains(arguments[0])) {
            err.println(
                    "There is no command '%s', only %s. The service is started without one; its settings are written --name=value."
                            .formatted(ForeignText.line(arguments[0]), String.join(", ", known)));
            return WRONG_USE;
        }
        try {
            return command.execute(arguments);
        } catch (OutOfMemoryError problem) {
            err.printf(
                    Locale.ROOT,
                    "Out of memory: the heap has %d MB (%s); raise it by -Xmx%n",
                    Runtime.getRuntime().maxMemory() >> 20,
                    problem.getMessage());
            return FAILED;
        } catch (Error problem) {
            return fail(problem, err);
        }
    }

    /** The exit code 1, which Java has for this, says that numbers differ. */
    private static int fail(Throwable problem, PrintWriter err) {
        err.println("The command failed unexpectedly:");
        problem.printStackTrace(err);
        err.flush();
        return FAILED;
    }

    private static int refuse(
            Exception problem, CommandLine command, CommandLine.ParseResult parsed) {
        return switch (problem) {
            case NoSuchFileException absent ->
                    refuse(command, absent.getFile() + " does not exist");
            case AccessDeniedException denied ->
                    refuse(command, denied.getFile() + ": permission denied");
            case CheckpointException _,
                    LayoutException _,
                    ModelException _,
                    CodecException _,
                    IOException _ ->
                    refuse(command, String.valueOf(problem.getMessage()));
            default -> fail(problem, command.getErr());
        };
    }

    private static int refuse(CommandLine command, String reason) {
        command.getErr().println(ForeignText.message(reason));
        return REFUSED;
    }
}
