package io.nowcast.engine;

import io.nowcast.torchscript.Kernels;

/** What the processor of this machine can do. */
final class Processor {

    private Processor() {}

    /** The operators of a program: oneDNN's for x86 processors. */
    static Kernels kernels(boolean gpu) {
        boolean x86 = System.getProperty("os.arch", "").equals("amd64");
        return x86 && !gpu ? Kernels.ONEDNN : Kernels.PORTABLE;
    }
}
