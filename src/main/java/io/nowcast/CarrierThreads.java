package io.nowcast;

/**
 * The threads that carry virtual ones. Each request has a virtual thread, and keeps its carrier
 * while it computes: decodes its body, scales its frames, encodes its answer, for seconds where
 * grids are large. Java has as many carriers as processors, so that a few such requests would hold
 * up all others, refusals and health checks among them, which the operating system does not do.
 */
final class CarrierThreads {

    private static final String PARALLELISM = "jdk.virtualThreadScheduler.parallelism";

    /** What a model has in hand at most unless configured otherwise, all of it computing. */
    private static final int COMPUTING = 64;

    private CarrierThreads() {}

    /**
     * Has there be more of them than requests that compute, unless {@value #PARALLELISM} is set.
     * Counts before the first virtual thread only.
     */
    static void outnumberComputingRequests() {
        if (System.getProperty(PARALLELISM) == null) {
            int carriers = COMPUTING + Runtime.getRuntime().availableProcessors();
            System.setProperty(PARALLELISM, Integer.toString(carriers));
        }
    }
}
