package io.nowcast.network;

/** An element-wise function. */
public sealed interface Activation {

    /** The value itself. */
    record Identity() implements Activation {}

    /** max(x, 0). */
    record Relu() implements Activation {}

    /** max(x, 0) + slope · min(x, 0). */
    record LeakyRelu(double slope) implements Activation {}

    /** x where positive, else exp(x) - 1 (Clevert et al. 2015, arXiv:1511.07289). */
    record Elu() implements Activation {}

    /**
     * x · Φ(x) with the normal distribution's exact Φ (Hendrycks and Gimpel 2016,
     * arXiv:1606.08415).
     */
    record Gelu() implements Activation {}

    /** Hyperbolic tangent. */
    record Tanh() implements Activation {}

    /** Logistic sigmoid. */
    record Sigmoid() implements Activation {}
}
