package io.nowcast.fuzzing;

/** What Jazzer calls; the property {@code fuzz.target} names the target. */
public final class FuzzEntry {

    private static final FuzzedInput INPUT =
            new FuzzedInput(FuzzTarget.valueOf(System.getProperty("fuzz.target", "NPY")));

    private FuzzEntry() {}

    public static void fuzzerTestOneInput(byte[] input) {
        INPUT.feed(input);
    }

    public static void fuzzerTearDown() {
        System.out.println("ROW " + INPUT.row());
    }
}
