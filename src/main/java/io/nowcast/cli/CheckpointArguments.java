package io.nowcast.cli;

import io.nowcast.checkpoint.Checkpoint;
import io.nowcast.checkpoint.CheckpointReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The weights that a command is about, and what is said of them. */
final class CheckpointArguments {

    private static final long LARGE = 16L << 20;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "the weights; of a network that was saved in parts, each as PART=FILE")
    private List<String> files = new ArrayList<>();

    @Option(
            names = {"-n", "--network"},
            paramLabel = "NAME=VALUE",
            description = "an entry of 'network:' in model.yaml, such as patch=4")
    private Map<String, String> choices = new LinkedHashMap<>();

    Map<String, String> choices() {
        return choices;
    }

    /**
     * The files by part.
     *
     * @throws ParameterException if there are several that are not told apart
     */
    SequencedMap<String, Path> files() {
        SequencedMap<String, Path> byPart = new LinkedHashMap<>();
        for (String file : files) {
            int equals = file.indexOf('=');
            boolean named = equals > 0 && !Files.exists(Path.of(file));
            String part = named ? file.substring(0, equals) : "";
            if (byPart.put(part, Path.of(named ? file.substring(equals + 1) : file)) != null) {
                throw wrong(
                        named
                                ? "the part '%s' is given twice".formatted(part)
                                : "several files need names: PART=FILE");
            }
        }
        if (byPart.size() > 1 && byPart.containsKey("")) {
            throw wrong("several files need names: PART=FILE");
        }
        return byPart;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** Reads the weights. */
    Checkpoint read(PrintWriter progress) throws IOException {
        tellLarge(progress);
        return CheckpointReader.read(files());
    }

    /** Tells of large files, since they take a while. */
    void tellLarge(PrintWriter progress) throws IOException {
        for (Path file : files().values()) {
            long size = Files.size(file);
            if (size > LARGE) {
                progress.printf(Locale.ROOT, "reading %s (%d MiB) ...%n", file, size >> 20);
                progress.flush();
            }
        }
    }
}
