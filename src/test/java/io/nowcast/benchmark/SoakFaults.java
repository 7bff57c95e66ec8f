package io.nowcast.benchmark;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes faults of random kinds at random times beside a load, and counts what each saw.
 *
 * <p>One thread draws the kinds and makes the faults of the service itself, one at a time; each
 * fault of a client runs on a virtual thread. Counts and the file are behind this object's lock.
 */
final class SoakFaults implements Runnable, AutoCloseable {

    private static final int SEED = 3;

    /** Kinds as often as they are to be drawn. */
    private static final List<String> KINDS =
            List.of(
                    "hostile",
                    "hostile",
                    "hostile",
                    "hostile",
                    "reset in upload",
                    "reset in answer",
                    "half-open",
                    "byte a second",
                    "hang-up",
                    "hang-up",
                    "short deadline",
                    "short deadline",
                    "burst",
                    "pause",
                    "reload",
                    "broken reload");

    /** What each may see; anything else is a failure. */
    private static final Map<String, Set<String>> EXPECTED =
            Map.ofEntries(
                    Map.entry("hostile", Set.of("refused")),
                    Map.entry("reset in upload", Set.of("gone")),
                    Map.entry("reset in answer", Set.of("200", "503", "504")),
                    Map.entry("half-open", Set.of("closed", "reset", "400", "408")),
                    Map.entry("byte a second", Set.of("closed", "reset", "408", "503")),
                    Map.entry("hang-up", Set.of("gone")),
                    Map.entry("short deadline", Set.of("504", "503")),
                    Map.entry("burst", Set.of("done")),
                    Map.entry("pause", Set.of("done")),
                    Map.entry("reload", Set.of("200")),
                    Map.entry("broken reload", Set.of("422")));

    private final LoadSession session;
    private final List<PlannedRequest> good;
    private final List<HostileRequest> corpus = HostileLoad.corpus();
    private final HostileClients hostile;
    private final ClientFaults clients;
    private final double capacity;
    private final Random random = new Random(SEED);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Map<String, Integer>> outcomes = new TreeMap<>();
    private final PrintStream file;
    private final AtomicLong disturbedUntil = new AtomicLong(Long.MIN_VALUE);
    private final AtomicLong burstRequests = new AtomicLong();
    private final long began = System.nanoTime();
    private int unexpected;

    SoakFaults(LoadSession session, List<PlannedRequest> good, double capacity) throws IOException {
        this.session = session;
        this.good = good;
        this.capacity = capacity;
        this.clients = new ClientFaults(session.client().service());
        this.hostile = new HostileClients(session.client().service(), corpus);
        this.file =
                new PrintStream(
                        Files.newOutputStream(session.file("-faults.csv")),
                        true,
                        StandardCharsets.US_ASCII);
        file.println("second,kind,outcome");
    }

    /** Until the thread is interrupted. */
    @Override
    public void run() {
        try {
            double gap = session.options().number("fault-gap");
            while (true) {
                double wait = -gap * Math.log(1 - random.nextDouble());
                TimeUnit.MILLISECONDS.sleep(Math.round(1000 * wait));
                fault(KINDS.get(random.nextInt(KINDS.size())));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void fault(String kind) throws InterruptedException {
        PlannedRequest request = good.get(random.nextInt(good.size()));
        HostileRequest wrong = corpus.get(random.nextInt(corpus.size()));
        switch (kind) {
            case "hostile" -> inBackground(kind, () -> hostile.send(wrong) ? "refused" : "WRONG");
            case "reset in upload" -> inBackground(kind, () -> clients.resetInUpload(request));
            case "reset in answer" -> inBackground(kind, () -> clients.resetInAnswer(request));
            case "half-open" -> inBackground(kind, () -> clients.halfOpen(request));
            case "byte a second" -> inBackground(kind, () -> clients.crawl(request));
            case "hang-up" -> inBackground(kind, () -> clients.hangUp(request));
            case "short deadline" ->
                    inBackground(
                            kind,
                            () ->
                                    Integer.toString(
                                            session.client()
                                                    .post(request.within("PT0.001S"))
                                                    .status()));
            case "burst" -> burst();
            case "pause" -> pause();
            case "reload" -> reload(kind, false);
            default -> reload(kind, true);
        }
    }

    private void inBackground(String kind, Callable<String> fault) {
        var _ =
                threads.submit(() -> {
                    try {
                        note(kind, fault.call());
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    } catch (Exception problem) {
                        note(kind, problem.getClass().getSimpleName());
                    }
                });
    }

    /** Twice the capacity's share on top of what runs. */
    private void burst() throws InterruptedException {
        double rate = 2 * session.options().number("share") * capacity;
        disturb(Duration.ofSeconds(15));
        session.burst(
                Arrivals.poisson(rate, random.nextInt(1000)),
                Duration.ofSeconds(3),
                good,
                _ -> burstRequests.incrementAndGet());
        disturb(Duration.ofSeconds(15));
        note("burst", "done");
    }

    /** The process stands still, as on a machine that pages or is moved. */
    private void pause() throws InterruptedException {
        String pid = session.pid().orElse("");
        if (pid.isEmpty()) {
            return;
        }
        disturb(Duration.ofSeconds(15));
        try {
            signal("-STOP", pid);
            TimeUnit.MILLISECONDS.sleep(1000 + random.nextInt(2000));
            note("pause", "done");
        } catch (IOException problem) {
            note("pause", problem.toString());
        } finally {
            try {
                signal("-CONT", pid);
            } catch (IOException problem) {
                note("pause", problem.toString());
            }
        }
        disturb(Duration.ofSeconds(15));
    }

    private static void signal(String name, String pid) throws IOException, InterruptedException {
        if (new ProcessBuilder("kill", name, pid).inheritIO().start().waitFor() != 0) {
            throw new IOException("kill " + name);
        }
    }

    /** Changes the second model, where it is ours to change. */
    private void reload(String kind, boolean broken) throws InterruptedException {
        if (session.secondModel().isEmpty()) {
            return;
        }
        SecondModel model = session.secondModel().orElseThrow();
        try {
            model.describe(kind + " " + random.nextInt());
            if (broken) {
                model.damage();
            }
            note(
                    kind,
                    Integer.toString(
                            session.client()
                                    .command("/admin/models/" + SecondModel.NAME + "/reload")));
            model.mend();
        } catch (IOException problem) {
            note(kind, problem.getClass().getSimpleName());
        }
    }

    private void disturb(Duration length) {
        disturbedUntil.set(System.nanoTime() + length.toNanos());
    }

    /** Whether a burst or a pause explains that a request which ended now was not answered. */
    boolean isDisturbed() {
        return System.nanoTime() < disturbedUntil.get();
    }

    private synchronized void note(String kind, String outcome) {
        outcomes.computeIfAbsent(kind, _ -> new TreeMap<>()).merge(outcome, 1, Integer::sum);
        if (!EXPECTED.getOrDefault(kind, Set.of()).contains(outcome)) {
            unexpected++;
            System.out.println("UNEXPECTED  " + kind + ": " + outcome);
        }
        file.printf("%.1f,%s,%s%n", (System.nanoTime() - began) / 1e9, kind, outcome);
    }

    synchronized void tell(Verdicts verdicts) {
        outcomes.forEach((kind, seen) -> verdicts.told("fault: " + kind, seen.toString()));
        verdicts.told("requests of bursts", burstRequests.get());
        verdicts.atMost("faults that saw what they must not see", unexpected, 0);
    }

    /** Waits for the faults that still run. */
    @Override
    public void close() {
        threads.close();
        hostile.close();
        file.close();
    }
}
