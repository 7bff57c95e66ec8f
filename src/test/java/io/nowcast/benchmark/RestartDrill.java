package io.nowcast.benchmark;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Restarts and kills replicas under load. With {@code --nginx}, some replicas stand behind nginx,
 * whose upstreams are kept to those that say they are ready, as a cluster's endpoints are; clients
 * ask again after 502, 503 and lost connections; each replica is restarted in turn, then one is
 * killed by SIGKILL. Without, one replica gets SIGTERM and clients ask once: what was accepted must
 * be answered. That is done {@code --runs} times, with a line for each; what a replica logs is in
 * {@code target/replica-*.log}, by run and replica.
 *
 * <p>Options: {@code --jar target/nowcast.jar --nginx nginx --replicas 3 --clients 6 --port 18100
 * --body frames.npy --runs 1 --seconds 8}, the seconds of load before something happens. With a
 * body that is refused at once, a text say, there are some hundred times more connections.
 */
public final class RestartDrill {

    private static final int ATTEMPTS = 10;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final Options options;
    private final int run;
    private final Duration betweenEvents;
    private final byte[] body;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(2))
                    .build();
    private final long began = System.nanoTime();
    private final Samples latencies = new Samples();
    private final AtomicInteger lost = new AtomicInteger();
    private final Map<String, AtomicInteger> outcomes = new ConcurrentSkipListMap<>();
    private final List<ServiceProcess> replicas = new ArrayList<>();
    private volatile boolean over;

    private RestartDrill(Options options, int run) throws IOException {
        this.options = options;
        this.run = run;
        this.betweenEvents = Duration.ofSeconds(options.integer("seconds"));
        this.body = Files.readAllBytes(Path.of(options.text("body")));
    }

    public static void main(String[] arguments) throws Exception {
        Options options =
                Options.parse(
                        arguments,
                        Map.of(
                                "jar", "target/nowcast-0.1.0-SNAPSHOT.jar",
                                "nginx", "",
                                "replicas", "3",
                                "clients", "6",
                                "port", "18100",
                                "runs", "1",
                                "seconds", "8",
                                "body",
                                        "src/test/resources/radar/fmi_20160928_5x64x64_mmh_f32.npy"));
        int runs = options.integer("runs");
        int failed = 0;
        for (int run = 1; run <= runs; run++) {
            System.out.printf("run %d of %d%n", run, runs);
            failed += isWithoutLoss(new RestartDrill(options, run)) ? 0 : 1;
        }
        System.out.printf("%d runs, %d of them with a loss or a failure%n", runs, failed);
        System.exit(failed == 0 ? 0 : 1);
    }

    private static boolean isWithoutLoss(RestartDrill drill) throws InterruptedException {
        try {
            if (drill.options.text("nginx").isEmpty()) {
                drill.stopOne();
            } else {
                drill.restartAll();
            }
            return drill.lost.get() == 0;
        } catch (IOException problem) {
            drill.say("failed: " + problem);
            return false;
        } finally {
            drill.over = true;
            drill.replicas.forEach(ServiceProcess::kill);
            drill.print();
        }
    }

    private int port(int replica) {
        return options.integer("port") + 1 + replica;
    }

    private ServiceProcess start(int replica) throws IOException {
        return ServiceProcess.start(
                Path.of(options.text("jar")),
                port(replica),
                List.of("--enable-native-access=ALL-UNNAMED", "-Xmx256m"),
                List.of(),
                List.of("OMP_NUM_THREADS=1"),
                log(replica));
    }

    private Path log(int replica) {
        return Path.of("target", "replica-%d-%d.log".formatted(run, replica));
    }

    private boolean isReady(int replica) {
        try {
            HttpRequest probe =
                    HttpRequest.newBuilder(
                                    URI.create(
                                            "http://127.0.0.1:%d/actuator/health/readiness"
                                                    .formatted(port(replica))))
                            .timeout(Duration.ofSeconds(2))
                            .build();
            return http.send(probe, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void awaitReady(int replica) throws InterruptedException, IOException {
        while (!isReady(replica)) {
            if (!replicas.get(replica).process().isAlive()) {
                throw new IOException("replica %d ended, see %s".formatted(replica, log(replica)));
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        say("replica %d is ready".formatted(replica));
    }

    private void say(String event) {
        System.out.printf("%6.1f s  %s%n", (System.nanoTime() - began) / 1e9, event);
    }

    private void stopOne() throws IOException, InterruptedException {
        replicas.add(start(0));
        awaitReady(0);
        List<Thread> clients = clients(port(0), 1);
        TimeUnit.NANOSECONDS.sleep(betweenEvents.toNanos());
        say("SIGTERM");
        replicas.getFirst().process().destroy();
        replicas.getFirst().process().waitFor();
        say("ended with status " + replicas.getFirst().process().exitValue());
        finish(clients);
    }

    private void restartAll() throws IOException, InterruptedException {
        int count = options.integer("replicas");
        for (int replica = 0; replica < count; replica++) {
            replicas.add(start(replica));
        }
        for (int replica = 0; replica < count; replica++) {
            awaitReady(replica);
        }
        Path folder = Files.createTempDirectory("nowcast-drill");
        writeNginx(folder, ready());
        Process nginx = nginx(folder);
        Thread endpoints = Thread.ofPlatform().daemon().start(() -> followReadiness(folder));
        List<Thread> clients = clients(options.integer("port"), ATTEMPTS);
        TimeUnit.NANOSECONDS.sleep(betweenEvents.toNanos());
        for (int replica = 0; replica < count; replica++) {
            say("SIGTERM to replica " + replica);
            replicas.get(replica).process().destroy();
            replicas.get(replica).process().waitFor();
            say(
                    "replica %d ended with status %d"
                            .formatted(replica, replicas.get(replica).process().exitValue()));
            replicas.set(replica, start(replica));
            awaitReady(replica);
        }
        TimeUnit.NANOSECONDS.sleep(betweenEvents.toNanos());
        say("SIGKILL to replica 0");
        replicas.getFirst().process().destroyForcibly().waitFor();
        TimeUnit.NANOSECONDS.sleep(betweenEvents.toNanos());
        replicas.set(0, start(0));
        awaitReady(0);
        TimeUnit.NANOSECONDS.sleep(betweenEvents.toNanos());
        finish(clients);
        endpoints.interrupt();
        nginx.destroy();
        nginx.waitFor();
    }

    private void finish(List<Thread> clients) throws InterruptedException {
        over = true;
        for (Thread client : clients) {
            client.join();
        }
    }

    private List<Integer> ready() {
        List<Integer> ready = new ArrayList<>();
        for (int replica = 0; replica < options.integer("replicas"); replica++) {
            if (isReady(replica)) {
                ready.add(replica);
            }
        }
        return ready;
    }

    /** What a cluster does with endpoints: only replicas that say they are ready get requests. */
    private void followReadiness(Path folder) {
        List<Integer> known = ready();
        try {
            while (!over) {
                TimeUnit.MILLISECONDS.sleep(500);
                List<Integer> ready = ready();
                if (!ready.isEmpty() && !ready.equals(known)) {
                    known = ready;
                    writeNginx(folder, ready);
                    nginx(folder, "-s", "reload").waitFor();
                    say("requests go to replicas " + ready);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException problem) {
            say("readiness is followed no more: " + problem);
        }
    }

    private void writeNginx(Path folder, List<Integer> ready) throws IOException {
        StringBuilder servers = new StringBuilder();
        for (int replica : ready) {
            servers.append("    server 127.0.0.1:").append(port(replica)).append(";\n");
        }
        Files.writeString(
                folder.resolve("nginx.conf"),
                """
                daemon off;
                pid %1$s/nginx.pid;
                error_log %1$s/error.log;
                events { worker_connections 256; }
                http {
                  access_log off;
                  client_body_temp_path %1$s;
                  proxy_temp_path %1$s;
                  fastcgi_temp_path %1$s;
                  uwsgi_temp_path %1$s;
                  scgi_temp_path %1$s;
                  upstream nowcast {
                    least_conn;
                %2$s  }
                  server {
                    listen 127.0.0.1:%3$d;
                    client_max_body_size 64m;
                    location / {
                      proxy_pass http://nowcast;
                      proxy_connect_timeout 1s;
                      proxy_read_timeout 90s;
                    }
                  }
                }
                """
                        .formatted(folder, servers, options.integer("port")));
    }

    private Process nginx(Path folder, String... more) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                options.text("nginx"),
                                "-c",
                                folder.resolve("nginx.conf").toString(),
                                "-e",
                                folder.resolve("error.log").toString()));
        command.addAll(List.of(more));
        return new ProcessBuilder(command).inheritIO().start();
    }

    private List<Thread> clients(int port, int attempts) {
        URI service = URI.create("http://127.0.0.1:" + port + "/forecast?steps=6&units=dBZ");
        List<Thread> clients = new ArrayList<>();
        for (int client = 0; client < options.integer("clients"); client++) {
            clients.add(Thread.ofPlatform().start(() -> ask(service, attempts)));
        }
        return clients;
    }

    private void ask(URI service, int attempts) {
        HttpRequest request =
                HttpRequest.newBuilder(service)
                        .timeout(Duration.ofSeconds(90))
                        .header("Content-Type", "application/x-npy")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build();
        try {
            while (!over) {
                long start = System.nanoTime();
                int attempt = 1;
                while (!isAnswered(request, attempt, attempts) && attempt < attempts) {
                    attempt++;
                }
                latencies.add((System.nanoTime() - start) / 1e6);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks once; pauses after a failure, and counts the last one as a loss. */
    private boolean isAnswered(HttpRequest request, int attempt, int attempts)
            throws InterruptedException {
        Duration pause = Duration.ofMillis(100L << Math.min(attempt, 5));
        String outcome;
        try {
            HttpResponse<byte[]> answer =
                    http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            outcome = Integer.toString(answer.statusCode());
            // A body that is no forecast's is answered as well, with what is wrong about it.
            if (answer.statusCode() < 500) {
                count(outcome);
                return true;
            }
            pause =
                    answer.headers().firstValueAsLong("Retry-After").stream()
                            .mapToObj(Duration::ofSeconds)
                            .findFirst()
                            .orElse(pause);
        } catch (ConnectException _) {
            outcome = "refused";
        } catch (IOException problem) {
            outcome = "broken";
            say("broken connection: " + problem.getMessage());
        }
        count(outcome);
        boolean accepted = !outcome.equals("refused") && !outcome.equals("503");
        if (attempt == attempts && (attempts > 1 || accepted)) {
            lost.incrementAndGet();
            say("lost: " + outcome);
        }
        TimeUnit.NANOSECONDS.sleep(Math.min(pause.toNanos(), LONGEST_PAUSE.toNanos()));
        return false;
    }

    private void count(String outcome) {
        outcomes.computeIfAbsent(outcome, _ -> new AtomicInteger()).incrementAndGet();
    }

    private void print() {
        System.out.printf(
                "%d requests, %d lost; outcomes of attempts %s; latency p50 %.0f, p99 %.0f, longest %.0f ms%n",
                latencies.count(),
                lost.get(),
                outcomes,
                latencies.median(),
                latencies.quantile(0.99),
                latencies.quantile(1));
    }
}
