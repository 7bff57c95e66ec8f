package io.nowcast.cli;

import io.nowcast.checkpoint.Checkpoint;
import io.nowcast.frames.GridShape;
import io.nowcast.layout.KeyRole;
import io.nowcast.layout.RecognisedNetwork;
import io.nowcast.network.RecurrentNetwork;
import io.nowcast.network.StepCost;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/** What {@code inspect} tells, for people. */
final class InspectionReport {

    private final PrintWriter out;

    InspectionReport(PrintWriter out) {
        this.out = out;
    }

    void print(
            Checkpoint checkpoint,
            RecognisedNetwork.Reading reading,
            SequencedMap<String, Path> files,
            GridShape grid) {
        file(checkpoint, files);
        line(String.format(Locale.ROOT, "Layout      %s", reading.layout()));
        line(String.format(Locale.ROOT, "Parameters  %,d", reading.parameters()));
        reading.network().ifPresent(network -> costs(network, grid, !reading.problems().isEmpty()));
        roles(reading.roles());
        if (!reading.problems().isEmpty()) {
            line("");
            line("Cannot be served yet:");
            reading.problems()
                    .forEach(problem -> line(String.format(Locale.ROOT, "  - %s", problem)));
        }
        line("");
        new ManifestSketch(out).print(reading, files);
    }

    private void file(Checkpoint checkpoint, SequencedMap<String, Path> files) {
        files.forEach((part, path) ->
                line(
                        String.format(
                                Locale.ROOT,
                                "File        %s%s",
                                path,
                                part.isEmpty() ? "" : " (" + part + ")")));
        line(
                String.format(
                        Locale.ROOT,
                        "Format      %s%s%s",
                        checkpoint.format(),
                        checkpoint
                                .wrapper()
                                .map(wrapper -> ", weights in '" + wrapper + "'")
                                .orElse(""),
                        checkpoint.prefix().isEmpty()
                                ? ""
                                : ", keys without their prefix '" + checkpoint.prefix() + "'"));
        line(String.format(Locale.ROOT, "SHA-256     %s", checkpoint.digest()));
    }

    private void costs(RecurrentNetwork network, GridShape asked, boolean open) {
        GridShape grid = network.onlyGrid().orElse(asked.roundedUpTo(network.gridMultiple()));
        line(
                String.format(
                        Locale.ROOT,
                        "Frames      %d channels in, %d out; %s",
                        network.inputChannels(),
                        network.outputChannels(),
                        network.onlyGrid()
                                .map(only -> "only on a grid of " + only)
                                .orElse("sides padded to multiples of " + network.gridMultiple())));
        StepCost observed = StepCost.ofObservedFrame(network, grid);
        StepCost lead = StepCost.ofLeadStep(network, grid);
        line("");
        line(
                String.format(
                        Locale.ROOT,
                        "On a grid of %s%s:",
                        grid,
                        open ? ", open questions answered by their first option" : ""));
        cost("an observed frame", observed);
        cost("a lead step", lead);
    }

    private void cost(String what, StepCost cost) {
        if (cost.operations() == 0) {
            return;
        }
        line(
                String.format(
                        Locale.ROOT,
                        "  %-18s %8.3f GFLOP; states %.1f MiB, written by its convolutions %.1f MiB",
                        what,
                        cost.operations() / 1e9,
                        cost.stateBytes() / (double) (1 << 20),
                        cost.featureBytes() / (double) (1 << 20)));
        line(
                String.format(
                        Locale.ROOT,
                        "  %-18s sees at most %d pixels to each side, and %d more with every step before",
                        "",
                        cost.reach(),
                        cost.stateReach()));
    }

    private void roles(List<KeyRole> roles) {
        int keys = roles.stream().mapToInt(role -> role.key().length()).max().orElse(0);
        int shapes =
                roles.stream().mapToInt(role -> role.shape().toString().length()).max().orElse(0);
        line("");
        line("Weights:");
        for (KeyRole role : roles) {
            line(
                    String.format(
                            Locale.ROOT,
                            "  %s  %s  %s",
                            padded(role.key(), keys),
                            padded(role.shape().toString(), shapes),
                            role.unused() ? "(" + role.role() + ")" : role.role()));
        }
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    private void line(String text) {
        out.println(ForeignText.line(text));
    }
}
