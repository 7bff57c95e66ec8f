package io.nowcast.network;

/** An element-wise function. */
public sealed interface Activation {

    /** max(x, 0) + slope · min(x, 0). */
    record LeakyRelu(double slope) implements Activation {}

    /** Hyperbolic tangent. */
    record Tanh() implements Activation {}
}
