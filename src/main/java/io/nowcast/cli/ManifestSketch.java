package io.nowcast.cli;

import io.nowcast.layout.Question;
import io.nowcast.layout.RecognisedNetwork;
import io.nowcast.network.RecurrentNetwork;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;

/** A {@code model.yaml} to start from; whatever only its owner knows is marked. */
final class ManifestSketch {

    private static final String CHOOSE = "# CHOOSE: ";

    private final PrintWriter out;

    ManifestSketch(PrintWriter out) {
        this.out = out;
    }

    void print(RecognisedNetwork.Reading reading, SequencedMap<String, Path> files) {
        out.println("model.yaml to start from; lines with CHOOSE need your answer:");
        out.println("---");
        weights(files);
        network(reading.questions());
        out.println("frames:");
        out.println(
                "  input: 10           " + CHOOSE + "frames that the network was trained to read");
        out.println("  output: 10          " + CHOOSE + "lead steps of an answer");
        out.println("interval: PT5M        " + CHOOSE + "time between two frames");
        reading.network().ifPresent(this::grid);
        out.println("scaling:              " + CHOOSE + "how rain became the network's numbers");
        out.println("  kind: linear-rain");
        out.println("  divisor: 1");
        out.println("missing:");
        out.println(
                "  fill: dry           " + CHOOSE + "what the network saw where data were missing");
        out.println(
                "  mask-channel: "
                        + (reading.network().map(RecurrentNetwork::inputChannels).orElse(1) == 2));
    }

    private void weights(SequencedMap<String, Path> files) {
        if (files.containsKey("")) {
            out.println("weights: " + quoted(files.firstEntry().getValue()));
            return;
        }
        out.println("weights:");
        files.forEach(
                (part, file) -> out.println("  " + ForeignText.yaml(part) + ": " + quoted(file)));
    }

    private static String quoted(Path file) {
        return ForeignText.yaml(String.valueOf(file.getFileName()));
    }

    private void network(List<Question> questions) {
        List<Question> told =
                questions.stream()
                        .filter(question -> question.answer().isPresent() || question.required())
                        .toList();
        if (told.isEmpty()) {
            return;
        }
        out.println("network:");
        for (Question question : told) {
            String value =
                    question.answer().or(() -> question.options().stream().findFirst()).orElse("");
            out.println(
                    "  %s: %s%s"
                            .formatted(
                                    question.name(),
                                    ForeignText.yaml(value),
                                    question.open()
                                            ? "  "
                                                    + CHOOSE
                                                    + "one of "
                                                    + ForeignText.line(
                                                            question.options().toString())
                                            : ""));
        }
    }

    private void grid(RecurrentNetwork network) {
        network.onlyGrid()
                .ifPresentOrElse(
                        only -> {
                            int side = Math.min(only.height(), only.width());
                            if (side < 8) {
                                out.println("grid:");
                                out.println("  minimum: " + side);
                            }
                            out.println("warm-up: [" + only + "]");
                        },
                        () -> {
                            out.println("grid:");
                            out.println(
                                    "  minimum: 8          "
                                            + CHOOSE
                                            + "fewest pixels on a side; 1 for a time series");
                        });
    }
}
