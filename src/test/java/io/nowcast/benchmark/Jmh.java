package io.nowcast.benchmark;

import java.io.IOException;

/** Runs the JMH benchmarks of this package; takes JMH's own arguments. */
public final class Jmh {

    private Jmh() {}

    public static void main(String[] arguments) throws IOException {
        org.openjdk.jmh.Main.main(arguments);
    }
}
