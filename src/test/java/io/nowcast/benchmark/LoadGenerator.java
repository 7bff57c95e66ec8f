package io.nowcast.benchmark;

import java.util.Arrays;

/**
 * Puts a service on this machine under load and holds what it does against bounds; status 1 where
 * one is not held. The first argument is the preset, see docs/performance.md; {@code --name value}
 * follow. Every preset starts the service itself, from the jar that the build left, unless {@code
 * --url} and {@code --pid} name one that runs.
 *
 * <p>Common options: {@code --url --pid --jar --port --jvm "-Xmx512m ..." --properties "--a=b ..."
 * --environment "A=b ..." --models a,b --header Name=one|two --out target/load/name}.
 */
public final class LoadGenerator {

    private LoadGenerator() {}

    public static void main(String[] arguments) throws Exception {
        // The service closes idle connections after 20 s; none of those may be used again.
        System.setProperty("jdk.httpclient.keepalive.timeout", "10");
        String preset = arguments.length == 0 ? "" : arguments[0];
        String[] options =
                Arrays.copyOfRange(arguments, Math.min(1, arguments.length), arguments.length);
        boolean sound =
                switch (preset) {
                    case "plain" -> PlainLoad.run(options);
                    case "mixed" -> MixedLoad.run(options);
                    case "overload" -> OverloadPreset.run(options);
                    case "latency-70" -> SteadyLatency.run(options);
                    case "endurance" -> Endurance.run(options);
                    case "hostile" -> HostileLoad.run(options);
                    case "soak" -> SoakLoad.run(options);
                    case "throughput-8" -> Throughput.run(options);
                    default ->
                            throw new IllegalArgumentException(
                                    "expected plain, mixed, overload, latency-70, throughput-8, endurance, hostile or soak first, got '%s'"
                                            .formatted(preset));
                };
        System.exit(sound ? 0 : 1);
    }
}
