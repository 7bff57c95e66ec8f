package io.nowcast.benchmark;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Whether something of a process grows under a steady load: the median of the last fifth of the
 * time against that of the second fifth, since the first one still warms up.
 */
final class Trend {

    private final List<ProcessSample> samples;

    Trend(List<ProcessSample> samples) {
        this.samples = List.copyOf(samples);
    }

    /** Whether there is something to judge: a process that was watched for a while. */
    boolean known() {
        return samples.size() >= 5 && !Double.isNaN(samples.getLast().resident());
    }

    /** How much the last fifth is above the second one. */
    double growth(ToDoubleFunction<ProcessSample> what) {
        return median(what, 4) - median(what, 1);
    }

    double most(ToDoubleFunction<ProcessSample> what) {
        return samples.stream().mapToDouble(what).max().orElse(Double.NaN);
    }

    /**
     * The median in a fifth of the time.
     *
     * @param fifth 0 to 4
     */
    double median(ToDoubleFunction<ProcessSample> what, int fifth) {
        double[] sorted =
                samples
                        .subList(
                                samples.size() * fifth / 5,
                                Math.ceilDiv(samples.size() * (fifth + 1), 5))
                        .stream()
                        .mapToDouble(what)
                        .sorted()
                        .toArray();
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
    }

    /** Shows where everything stood in each fifth of the time. */
    void tell(Verdicts verdicts) {
        tell(verdicts, "resident memory, MB", ProcessSample::resident);
        tell(verdicts, "direct buffers, MB", ProcessSample::direct);
        tell(verdicts, "heap used, MB", ProcessSample::heap);
        tell(verdicts, "JVM's own memory, MB", ProcessSample::nonHeap);
        tell(verdicts, "threads", ProcessSample::threads);
        tell(verdicts, "file handles", ProcessSample::files);
    }

    /**
     * Shows everything and judges it by the options {@code growth}, {@code direct} (MB), {@code
     * threads} and {@code files}.
     */
    void judge(Verdicts verdicts, Options options) {
        tell(verdicts);
        verdicts.atMost(
                "growth of resident memory",
                growth(ProcessSample::resident),
                options.number("growth"),
                "MB");
        verdicts.atMost(
                "growth of direct buffers",
                growth(ProcessSample::direct),
                options.number("direct"),
                "MB");
        verdicts.atMost(
                "more threads", growth(ProcessSample::threads), options.number("threads"), "");
        verdicts.atMost(
                "more file handles", growth(ProcessSample::files), options.number("files"), "");
    }

    private void tell(Verdicts verdicts, String name, ToDoubleFunction<ProcessSample> what) {
        StringBuilder fifths = new StringBuilder();
        for (int fifth = 0; fifth < 5; fifth++) {
            fifths.append(Verdicts.number(median(what, fifth))).append(' ');
        }
        verdicts.told(
                name + ", median of each fifth, and most",
                fifths + "| " + Verdicts.number(most(what)));
    }
}
