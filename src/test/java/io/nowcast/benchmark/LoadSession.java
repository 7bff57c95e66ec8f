package io.nowcast.benchmark;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A service under load and everything that looks at it: started here in a process of its own unless
 * {@code --url} names one that runs.
 */
final class LoadSession implements AutoCloseable {

    private static final Path FOLDER = Path.of("target", "load");
    private static final int MOST_UNANSWERED = 4000;

    /** A heap of fixed size that is touched at the start stays out of the trend of memory. */
    private static final String JVM_ARGUMENTS =
            "-Xms512m -Xmx512m -XX:+AlwaysPreTouch -XX:MaxDirectMemorySize=1g --enable-native-access=ALL-UNNAMED";

    private static final Map<String, String> COMMON =
            Map.ofEntries(
                    Map.entry("url", ""),
                    Map.entry("pid", ""),
                    Map.entry("jar", ""),
                    Map.entry("port", "0"),
                    Map.entry("jvm", JVM_ARGUMENTS),
                    Map.entry("properties", ""),
                    Map.entry("environment", ""),
                    Map.entry("models", ""),
                    Map.entry("header", ""),
                    Map.entry("expect-continue", "false"),
                    Map.entry("liveness", "1000"),
                    Map.entry("out", ""));

    private final String preset;
    private final Options options;
    private final Verdicts verdicts = new Verdicts();
    private final Optional<SecondModel> secondModel;
    private final Optional<ServiceProcess> service;
    private final ForecastClient client;
    private final Optional<ProcessWatch> watch;
    private final SecondsFile seconds;
    private final OpenLoop openLoop;

    private LoadSession(String preset, Options options, boolean secondModel) throws IOException {
        this.preset = preset;
        this.options = options;
        boolean started = options.text("url").isEmpty();
        this.secondModel =
                started && secondModel
                        ? Optional.of(SecondModel.place(FOLDER.resolve("models")))
                        : Optional.empty();
        this.service = started ? Optional.of(start(preset, options)) : Optional.empty();
        this.client =
                new ForecastClient(
                        service.map(ServiceProcess::address)
                                .orElseGet(() -> URI.create(options.text("url"))),
                        Boolean.parseBoolean(options.text("expect-continue")));
        this.watch =
                service.map(ServiceProcess::pid)
                        .or(() -> Optional.of(options.text("pid")).filter(pid -> !pid.isEmpty()))
                        .map(pid -> new ProcessWatch(pid, client));
        this.seconds = new SecondsFile(file(".csv"), watch);
        this.openLoop = new OpenLoop(LoadClock.SYSTEM, client, MOST_UNANSWERED);
    }

    /**
     * Starts a service, unless one is named, and waits until it is ready.
     *
     * @param defaults the preset's own options
     * @param secondModel whether the started service gets another model beside the bundled one
     */
    static LoadSession open(
            String preset, String[] arguments, Map<String, String> defaults, boolean secondModel)
            throws IOException, InterruptedException {
        Map<String, String> all = new HashMap<>(COMMON);
        all.putAll(defaults);
        LoadSession session = new LoadSession(preset, Options.parse(arguments, all), secondModel);
        try {
            session.begin();
            return session;
        } catch (IOException | InterruptedException | RuntimeException problem) {
            session.close();
            throw problem;
        }
    }

    private ServiceProcess start(String preset, Options options) throws IOException {
        List<String> properties = new ArrayList<>(ServiceProcess.words(options.text("properties")));
        secondModel.ifPresent(
                model -> properties.addFirst("--nowcast.models.directory=" + model.directory()));
        return ServiceProcess.start(
                jar(options),
                options.integer("port"),
                ServiceProcess.words(options.text("jvm")),
                properties,
                ServiceProcess.words(options.text("environment")),
                FOLDER.resolve(preset + ".log"));
    }

    private static Path jar(Options options) throws IOException {
        return options.text("jar").isEmpty()
                ? ServiceProcess.builtJar()
                : Path.of(options.text("jar"));
    }

    private void begin() throws IOException, InterruptedException {
        if (service.isPresent()) {
            service.get().awaitReady(client);
            Path jar = jar(options);
            verdicts.kept("jar", jar.toString());
            verdicts.kept("jar written", Files.getLastModifiedTime(jar).toString());
        }
        verdicts.kept("options", options.all());
        verdicts.kept("cores", Runtime.getRuntime().availableProcessors());
        verdicts.kept("java", Runtime.version().toString());
        verdicts.kept("models", client.page("/models"));
        seconds.start();
    }

    Options options() {
        return options;
    }

    Verdicts verdicts() {
        return verdicts;
    }

    ForecastClient client() {
        return client;
    }

    /** What was seen of the service's process, a sample a second. */
    List<ProcessSample> samples() {
        return seconds.samples();
    }

    /**
     * The models to ask, by {@code --models}; else the default one and the second where there is
     * one.
     */
    List<String> models(boolean secondModel) {
        String named = options.text("models");
        if (!named.isEmpty()) {
            return List.of(named.split(",", -1));
        }
        return secondModel ? List.of("", SecondModel.NAME) : List.of("");
    }

    /** The model beside the bundled one, where a service was started here with it. */
    Optional<SecondModel> secondModel() {
        return secondModel;
    }

    /** The requests with every value of {@code --header Name=one|two}. */
    List<PlannedRequest> withHeaders(List<PlannedRequest> requests) {
        if (options.text("header").isEmpty()) {
            return requests;
        }
        String[] header = options.text("header").split("=", 2);
        return Arrays.stream(header[1].split("\\|", -1))
                .flatMap(value -> requests.stream().map(request -> request.with(header[0], value)))
                .toList();
    }

    /** Requests at random, the same sequence for every seed. */
    static Supplier<PlannedRequest> atRandom(List<PlannedRequest> requests, int seed) {
        Random random = new Random(seed);
        return () -> requests.get(random.nextInt(requests.size()));
    }

    /** Runs clients that wait for their answers, and shows what came of it. */
    Phase closed(
            String name,
            int clients,
            Duration longest,
            long most,
            List<PlannedRequest> requests,
            Consumer<Exchange> observer)
            throws InterruptedException {
        seconds.phase(name);
        LoadLedger ledger = new LoadLedger();
        ProcessSample before = sample();
        long start = System.nanoTime();
        new ClosedLoop(client, ledger.andThen(seconds).andThen(observer))
                .run(clients, longest, most, seed -> atRandom(requests, seed));
        return phase(name, ledger, start, before);
    }

    Phase closed(String name, int clients, Duration longest, List<PlannedRequest> requests)
            throws InterruptedException {
        return closed(name, clients, longest, Long.MAX_VALUE, requests, _ -> {});
    }

    /** Follows a schedule; answers may still be coming in when it returns. */
    Phase open(
            String name,
            Arrivals arrivals,
            Duration length,
            List<PlannedRequest> requests,
            Consumer<Exchange> observer)
            throws InterruptedException {
        seconds.phase(name);
        LoadLedger ledger = new LoadLedger();
        ProcessSample before = sample();
        long start =
                openLoop.run(
                        arrivals,
                        length,
                        atRandom(requests, 1),
                        ledger.andThen(seconds).andThen(observer));
        return phase(name, ledger, start, before);
    }

    private ProcessSample sample() {
        return watch.isPresent() ? watch.get().sample() : ProcessSample.unknown(0);
    }

    private Phase phase(String name, LoadLedger ledger, long start, ProcessSample before) {
        long end = System.nanoTime();
        ProcessSample after = sample();
        double passed = after.age() - before.age();
        return new Phase(
                name,
                ledger,
                start,
                end,
                (after.processor() - before.processor()) / passed,
                (after.generator() - before.generator()) / passed);
    }

    /** Sends more on top of a schedule that runs; belongs to no phase. */
    void burst(
            Arrivals arrivals,
            Duration length,
            List<PlannedRequest> requests,
            Consumer<Exchange> observer)
            throws InterruptedException {
        openLoop.run(arrivals, length, atRandom(requests, 2), seconds.andThen(observer));
    }

    /** The process of the service, where it was started here or is named. */
    Optional<String> pid() {
        return service.map(ServiceProcess::pid)
                .or(() -> Optional.of(options.text("pid")).filter(pid -> !pid.isEmpty()));
    }

    /** Where a preset may put a further file of results. */
    Path file(String ending) {
        String out = options.text("out");
        return out.isEmpty() ? FOLDER.resolve(preset + ending) : Path.of(out + ending);
    }

    void awaitAnswers() throws InterruptedException {
        openLoop.awaitAnswers();
    }

    /** Shows a phase and keeps its figures. */
    void tell(Phase phase) {
        phase.print();
        verdicts.kept(
                phase.name(),
                Map.of(
                        "seconds", phase.seconds(),
                        "outcomes", phase.ledger().figures(),
                        "retry-after", phase.ledger().retryAfterSeconds(),
                        "sent late p99 ms", phase.ledger().sendingDelay(99),
                        "service cores", phase.serviceCores(),
                        "generator cores", phase.generatorCores()));
    }

    /** Writes the results; whether every check held. */
    boolean finish() throws IOException {
        Trend seen = new Trend(samples());
        if (seen.known()) {
            verdicts.atMost(
                    "slowest liveness probe",
                    seen.most(ProcessSample::liveness),
                    options.number("liveness"),
                    "ms");
        }
        verdicts.write(file(".json"), preset);
        return verdicts.passed();
    }

    @Override
    public void close() {
        seconds.close();
        service.ifPresent(ServiceProcess::close);
        client.close();
    }
}
