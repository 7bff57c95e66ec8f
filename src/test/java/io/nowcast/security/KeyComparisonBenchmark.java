package io.nowcast.security;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it takes to look a key up among 100, by how near it is to one of them. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(1)
public class KeyComparisonBenchmark {

    private static final int KEYS = 100;

    @Param({"first key", "last key", "first letter wrong", "last letter wrong", "of nobody"})
    private String presented = "of nobody";

    private final Instant now = Instant.EPOCH;
    private ApiKeyRing ring = ApiKeyFile.parse("");
    private String key = "";

    private static String secret(int number) {
        return "nowcast_%043d".formatted(number);
    }

    @Setup
    public void prepare() {
        ring =
                ApiKeyFile.parse(
                        IntStream.range(0, KEYS)
                                .mapToObj(number ->
                                        "client-%d %s forecast"
                                                .formatted(
                                                        number,
                                                        KeyHash.text(KeyHash.of(secret(number)))))
                                .collect(Collectors.joining("\n")));
        String last = secret(KEYS - 1);
        key =
                switch (presented) {
                    case "first key" -> secret(0);
                    case "last key" -> last;
                    case "first letter wrong" -> "m" + last.substring(1);
                    case "last letter wrong" -> last.substring(0, last.length() - 1) + "x";
                    default -> secret(KEYS);
                };
    }

    @Benchmark
    public Optional<ApiKey> find() {
        return ring.find(key, now);
    }
}
