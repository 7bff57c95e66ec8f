package io.nowcast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nowcast.network.WeightTensor;
import io.nowcast.testing.NetworkFixture;
import io.nowcast.testing.SafetensorsFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The commands as a user types them, on the checkpoints of the fixtures. */
class NowcastCommandTest {

    private static final String NETWORKS = "src/test/resources/networks/";

    @TempDir private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void inspectTellsTheLayoutEveryKeyAndTheCost() {
        int code = run("inspect", NETWORKS + "holmdk/weights.ckpt", "--grid", "64x64");

        assertThat(code).isZero();
        assertThat(out.toString())
                .contains("Layout      holmdk-seq2seq")
                .contains("keys without their prefix 'model.'")
                .contains("encoder_1_convlstm.conv.weight")
                .contains("encoder_1, gates i,f,o,g")
                .contains("GFLOP")
                .contains("sees at most")
                .doesNotContain("Cannot be served yet");
    }

    /** 2 · 4N · (C + N) · k · k for every cell of the pass, and 2 · N · C · k · k for the head. */
    @Test
    void inspectCountsTheOperationsOfTheConvolutions() {
        run("inspect", NETWORKS + "holmdk/weights.ckpt", "--grid", "1000x1000");
        var shapes = Pattern.compile("(\\w+)\\.weight +\\[(\\d+), (\\d+), (?:1, )?(\\d), (\\d)]");
        double observed = 0;
        double lead = 0;
        var matcher = shapes.matcher(out.toString());
        while (matcher.find()) {
            double operations = 2.0 / 1e9 * 1_000_000;
            for (int group = 2; group <= 5; group++) {
                operations *= Integer.parseInt(matcher.group(group));
            }
            boolean encoder =
                    out.toString().substring(0, matcher.start()).lastIndexOf("encoder_")
                            > out.toString().substring(0, matcher.start()).lastIndexOf("decoder");
            observed += encoder ? operations : 0;
            lead += encoder ? 0 : operations;
        }

        assertThat(lead).isPositive();
        assertThat(gigaflops("an observed frame")).isEqualTo(observed, within());
        assertThat(gigaflops("a lead step")).isEqualTo(lead, within());
    }

    private static Offset<Double> within() {
        // The report has three decimals.
        return Offset.offset(0.0011);
    }

    private double gigaflops(String what) {
        var matcher = Pattern.compile(what + " +([\\d.]+) GFLOP").matcher(out.toString());
        assertThat(matcher.find()).isTrue();
        return Double.parseDouble(matcher.group(1));
    }

    @Test
    void inspectMarksWhatTheManifestMustChoose() {
        int code = run("inspect", NETWORKS + "openstl-o-g/weights.pth");

        assertThat(code).isEqualTo(1);
        assertThat(out.toString())
                .contains("hidden-state: \"o*g\"  # CHOOSE: one of [o*g, o*tanh(c)]")
                .contains("network.patch, one of [1, 2]")
                .contains("(in no formula)");
    }

    @Test
    void inspectReadsTheSignatureOfAModule() {
        int code = run("inspect", "src/test/resources/engine/traced/weights.pt");

        assertThat(code).isZero();
        assertThat(out.toString())
                .contains("a TorchScript module")
                .contains("frames: Tensor")
                .contains("Traced with frames of shape [");
    }

    @Test
    void exportWritesAModuleThatVerifyFindsEqual() {
        NetworkFixture fixture = NetworkFixture.named("tutorial-convgru");
        Path module = folder.resolve("model.ts.pt");

        int exported = run(with(fixture, "export", "--to", module.toString()));
        int verified =
                run(
                        "verify",
                        module.toString(),
                        "--input",
                        NETWORKS + "tutorial-convgru/input.npy",
                        "--expect",
                        NETWORKS + "tutorial-convgru/expected.npy");

        assertThat(exported).isZero();
        assertThat(verified).as("%s", err).isZero();
    }

    @Test
    void verifyComparesEveryFamily() throws IOException {
        for (String name : List.of("lstm", "tutorial-convgru", "aserdega-convgru-predictor")) {
            NetworkFixture fixture = NetworkFixture.named(name);
            String input = fixture.folder().resolve("input.npy").toString();
            String expected = fixture.folder().resolve("expected.npy").toString();

            int code = run(with(fixture, "verify", "--input", input, "--expect", expected));

            assertThat(code).as("%s: %s %s", name, out, err).isZero();
        }
        assertThat(out.toString()).contains("largest difference").contains(": the same");
    }

    @Test
    void verifyTellsWhereTheNumbersDiffer() {
        NetworkFixture fixture = NetworkFixture.named("openstl-o-g");
        int code =
                run(
                        "verify",
                        NETWORKS + "openstl-o-g/weights.pth",
                        "-n",
                        "patch=2",
                        "-n",
                        "hidden-state=o*tanh(c)",
                        "--input",
                        fixture.folder().resolve("input.npy").toString(),
                        "--expect",
                        fixture.folder().resolve("expected.npy").toString());

        assertThat(code).isEqualTo(1);
        assertThat(out.toString()).contains("DIFFERENT").contains("[sequence ");
    }

    @Test
    void theLastOfTwoChoicesAndTheToleranceCount() {
        assertThat(verifyOpenStl("-n", "hidden-state=o*tanh(c)", "-n", "hidden-state=o*g"))
                .as("%s", err)
                .isZero();
        assertThat(verifyOpenStl("-n", "hidden-state=o*tanh(c)", "--tolerance", "1e9")).isZero();
    }

    private int verifyOpenStl(String... options) {
        NetworkFixture fixture = NetworkFixture.named("openstl-o-g");
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "verify",
                                NETWORKS + "openstl-o-g/weights.pth",
                                "-n",
                                "patch=2",
                                "--input",
                                fixture.folder().resolve("input.npy").toString(),
                                "--expect",
                                fixture.folder().resolve("expected.npy").toString()));
        all.addAll(List.of(options));
        return run(all.toArray(String[]::new));
    }

    @Test
    void aRefusedFileIsToldWithoutATrace() throws IOException {
        Path text = Files.writeString(folder.resolve("notes.txt"), "no weights here, only words");

        assertThat(run("inspect", text.toString())).isEqualTo(3);
        assertThat(run("inspect", folder.resolve("absent.pth").toString())).isEqualTo(3);
        String target = folder.resolve("model.pt").toString();
        assertThat(run("export", NETWORKS + "openstl-o-g/weights.pth", "--to", target))
                .isEqualTo(3);
        assertThat(err.toString())
                .contains("expected a ZIP of torch.save")
                .contains("absent.pth")
                .contains("network.hidden-state")
                .doesNotContain("\tat ");
    }

    @Test
    void wrongUseIsExplained() {
        assertThat(run("inspect")).isEqualTo(2);
        assertThat(run("verify", "a.pth")).isEqualTo(2);
        assertThat(run("inspect", "a.pth", "--grid", "wide")).isEqualTo(2);
        assertThat(err.toString())
                .contains("Usage: nowcast inspect")
                .contains("a grid is written like 256x256");
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("inspect").contains("export").contains("Exit codes");
    }

    @Test
    void onlyItsOwnWordsKeepTheServiceFromStarting() {
        assertThat(NowcastCommand.isMeant(new String[] {"inspect", "x"})).isTrue();
        assertThat(NowcastCommand.isMeant(new String[] {"--server.port=1"})).isFalse();
        assertThat(NowcastCommand.isMeant(new String[0])).isFalse();
        assertThat(NowcastCommand.isMeant(new String[] {""})).isFalse();
    }

    @Test
    void aMistypedCommandIsWrongUseAndStartsNoService() {
        assertThat(NowcastCommand.isMeant(new String[] {"inspct", "x.pth"})).isTrue();
        assertThat(run("inspct", "x.pth")).isEqualTo(2);
        assertThat(err.toString()).contains("no command 'inspct'").contains("inspect, export");
    }

    @Test
    void onlyDifferentNumbersExitAsSuch() {
        assertThat(verifyLstm("--device", "gpu")).isEqualTo(2);
        assertThat(err.toString()).contains("a device is 'cpu' or 'cuda:N', got 'gpu'");
        assertThat(run("inspect", "no\0path")).isEqualTo(4);
        assertThat(err.toString()).contains("failed unexpectedly").contains("Nul character");
        run("--help");
        assertThat(out.toString()).containsPattern("4 +the command failed unexpectedly");
    }

    @Test
    void severalFilesNeedDifferentNames() {
        String file = NETWORKS + "lstm/weights.pth";
        assertThat(run("inspect", file, NETWORKS + "gru/weights.pth")).isEqualTo(2);
        assertThat(run("inspect", file, "part=" + file)).isEqualTo(2);
        assertThat(err.toString()).contains("several files need names: PART=FILE");
        assertThat(run("inspect", "part=" + file, "part=" + file)).isEqualTo(2);
        assertThat(err.toString()).contains("the part 'part' is given twice");
    }

    @Test
    void whatIsWrongWithAPathIsTold() {
        String absent = folder.resolve("absent.npy").toString();
        assertThat(
                        run(
                                "verify",
                                NETWORKS + "lstm/weights.pth",
                                "--input",
                                absent,
                                "--expect",
                                absent))
                .isEqualTo(3);
        assertThat(err.toString()).contains(absent + " does not exist");
    }

    @Test
    void namesOfFilesAndKeysCannotBreakOutOfTheReport() throws IOException {
        Path odd = folder.resolve("checkpoint #2 \"b\"\n\u001b[31m.safetensors");
        Files.copy(Path.of(NETWORKS + "lstm/weights.pth"), odd);
        Path keys = folder.resolve("keys.safetensors");
        SafetensorsFile.write(
                keys, Map.of("a\\u001b[2J", new WeightTensor(new int[] {1}, new float[1])));

        run("inspect", odd.toString());
        run("inspect", keys.toString());

        assertThat(out.toString()).doesNotContain("\u001b");
        assertThat(err.toString()).doesNotContain("\u001b").contains("a?[2J");
        String manifest = out.toString().substring(out.toString().indexOf("---"));
        JsonNode parsed = new YAMLMapper().readTree(manifest);
        assertThat(parsed.get("weights").asString()).isEqualTo(odd.getFileName().toString());
    }

    @Test
    void numbersHaveAPointInEveryCountry() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            assertThat(verifyLstm("--tolerance", "0.25")).isZero();
        } finally {
            Locale.setDefault(before);
        }
        assertThat(out.toString()).containsPattern("allowed +0\\.4");
    }

    private int verifyLstm(String... options) {
        NetworkFixture fixture = NetworkFixture.named("lstm");
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "--input",
                                fixture.folder().resolve("input.npy").toString(),
                                "--expect",
                                fixture.folder().resolve("expected.npy").toString()));
        all.addAll(List.of(options));
        return run(with(fixture, "verify", all.toArray(String[]::new)));
    }

    /** A command on a fixture's files with its choices. */
    private static String[] with(NetworkFixture fixture, String command, String... options) {
        List<String> arguments = new ArrayList<>(List.of(command));
        fixture.weights()
                .forEach((part, file) ->
                        arguments.add(part.isEmpty() ? file.toString() : part + "=" + file));
        fixture.choices()
                .forEach((name, value) -> arguments.addAll(List.of("-n", name + "=" + value)));
        arguments.addAll(List.of(options));
        return arguments.toArray(String[]::new);
    }

    @Test
    void keyMakesAKeyAndItsLine() {
        assertThat(
                        run(
                                "key",
                                "--name",
                                "radar-team",
                                "--scopes",
                                "admin,forecast",
                                "--until",
                                "2027-01-01"))
                .isZero();
        assertThat(out.toString())
                .matches(
                        "nowcast_[A-Za-z0-9_-]{43}\\R"
                                + "radar-team sha256:[0-9a-f]{64} forecast,admin 2027-01-01\\R");

        assertThat(run("key", "--name", "a", "--scopes", "everything")).isEqualTo(2);
        assertThat(err.toString()).contains("there is no scope 'everything'");
        assertThat(run("key", "--name", "a b")).isEqualTo(2);
        assertThat(run("key", "--name", "a", "--until", "soon")).isEqualTo(2);
        assertThat(run("key")).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "inspect, absent.pth, absent.pth does not exist",
        "export, absent.pth, absent.pth does not exist",
        "verify, absent.pth, absent.pth does not exist",
        "inspect, '', 'is a directory, expected a file of weights'",
        "export, '', 'is a directory, expected a file of weights'",
        "verify, '', 'is a directory, expected a file of weights'"
    })
    void aFileThatIsNotThereIsToldPlainly(String command, String file, String message) {
        List<String> arguments = new ArrayList<>(List.of(command, folder.resolve(file).toString()));
        switch (command) {
            case "export" -> arguments.addAll(List.of("--to", folder.resolve("out").toString()));
            case "verify" ->
                    arguments.addAll(
                            List.of(
                                    "--input",
                                    NETWORKS + "tutorial-convgru/input.npy",
                                    "--expect",
                                    NETWORKS + "tutorial-convgru/expected.npy"));
            default -> {}
        }

        assertThat(run(arguments.toArray(String[]::new))).isEqualTo(3);
        assertThat(err.toString()).contains(message).doesNotContain("Exception");
    }

    @ParameterizedTest
    @CsvSource({
        "/, is a directory",
        "target, is a directory",
        "target/no/such/model.pt, there is no directory"
    })
    void exportGoesToAFileInAFolderThatIsThere(String target, String message) {
        NetworkFixture fixture = NetworkFixture.named("tutorial-convgru");

        assertThat(run(with(fixture, "export", "--to", target))).isEqualTo(3);
        assertThat(err.toString()).contains("--to: ").contains(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--input", "--expect"})
    void anArrayThatIsADirectoryIsToldPlainly(String option) {
        String array = NETWORKS + "tutorial-convgru/input.npy";
        String other = option.equals("--input") ? "--expect" : "--input";

        int code = run("verify", array, option, folder.toString(), other, array);

        assertThat(code).isEqualTo(3);
        assertThat(err.toString()).contains(folder + " is a directory, expected an NPY array");
    }

    private int run(String... arguments) {
        return NowcastCommand.run(
                new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }
}
