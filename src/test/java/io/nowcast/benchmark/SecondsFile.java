package io.nowcast.benchmark;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Writes a CSV line a second: what ended in that second, and how the service's process stood.
 * Thread-safe.
 *
 * <p>The clock's thread writes; exchanges are counted in a ledger that it swaps for an empty one.
 */
final class SecondsFile implements Consumer<Exchange>, AutoCloseable {

    private static final String COLUMNS =
            "second,phase,answered,refused,too_late,errors,p50_ms,p99_ms,refusal_p99_ms,"
                    + "resident_mb,direct_mb,heap_mb,nonheap_mb,threads,files,liveness_ms,service_cpu_s,generator_cpu_s";

    private final Optional<ProcessWatch> watch;
    private final PrintStream file;
    private final List<ProcessSample> samples = new ArrayList<>();
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
    private final long started = System.nanoTime();
    private volatile String phase = "";
    private LoadLedger second = new LoadLedger();

    SecondsFile(Path path, Optional<ProcessWatch> watch) throws IOException {
        this.watch = watch;
        Files.createDirectories(path.toAbsolutePath().getParent());
        this.file = new PrintStream(Files.newOutputStream(path), true, StandardCharsets.US_ASCII);
        file.println(COLUMNS);
    }

    void start() {
        var _ = clock.scheduleAtFixedRate(this::write, 1, 1, TimeUnit.SECONDS);
    }

    void phase(String name) {
        phase = name;
    }

    @Override
    public synchronized void accept(Exchange exchange) {
        second.accept(exchange);
    }

    private void write() {
        double age = (System.nanoTime() - started) / 1e9;
        ProcessSample sample =
                watch.isPresent() ? watch.get().sample() : ProcessSample.unknown(age);
        LoadLedger ended = swap(sample);
        file.printf(
                Locale.ROOT,
                "%.1f,%s,%d,%d,%d,%d,%.1f,%.1f,%.1f,%.1f,%.1f,%.1f,%.1f,%.0f,%.0f,%.1f,%.2f,%.2f%n",
                age,
                phase,
                ended.count(Outcome.ANSWERED),
                ended.count(Outcome.REFUSED),
                ended.count(Outcome.TOO_LATE),
                ended.errors(),
                ended.fromIntended(Outcome.ANSWERED, 50),
                ended.fromIntended(Outcome.ANSWERED, 99),
                ended.fromSent(Outcome.REFUSED, 99),
                sample.resident(),
                sample.direct(),
                sample.heap(),
                sample.nonHeap(),
                sample.threads(),
                sample.files(),
                sample.liveness(),
                sample.processor(),
                sample.generator());
    }

    private synchronized LoadLedger swap(ProcessSample sample) {
        LoadLedger ended = second;
        second = new LoadLedger();
        samples.add(sample);
        return ended;
    }

    /** What was seen of the process so far, a sample a second. */
    synchronized List<ProcessSample> samples() {
        return List.copyOf(samples);
    }

    @Override
    public void close() {
        clock.shutdownNow();
        file.close();
    }
}
