package io.nowcast.benchmark;

/**
 * How a service's process stood at a time; NaN where that is not known.
 *
 * @param age seconds since the watch began
 * @param resident resident memory in megabytes, as are the next three
 * @param direct direct buffers of the JVM
 * @param heap used heap
 * @param nonHeap used memory of the JVM for classes and code
 * @param files open file handles, sockets among them
 * @param liveness milliseconds until the answer to a liveness probe, infinite where there was none
 * @param processor processor seconds that the service has used
 * @param generator processor seconds that the load generator has used
 */
record ProcessSample(
        double age,
        double resident,
        double direct,
        double heap,
        double nonHeap,
        double threads,
        double files,
        double liveness,
        double processor,
        double generator) {

    static ProcessSample unknown(double age) {
        double none = Double.NaN;
        return new ProcessSample(age, none, none, none, none, none, none, none, none, none);
    }
}
