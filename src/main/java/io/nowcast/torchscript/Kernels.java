package io.nowcast.torchscript;

/** Which of PyTorch's operators a program calls. */
public enum Kernels {
    /** The operators that PyTorch documents: any device, any version. */
    PORTABLE,
    /**
     * oneDNN's convolutions called by name, with weights in the order that they read and functions
     * applied as they write. Float32 on x86 processors, and bf16 on those that have instructions
     * for it; the operators are those of PyTorch 2.7, which promises nothing of them.
     */
    ONEDNN
}
