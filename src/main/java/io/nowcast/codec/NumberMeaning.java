package io.nowcast.codec;

/** What a stored number stands for: a physical value, or NaN for a missing one. */
@FunctionalInterface
interface NumberMeaning {

    float of(double stored);
}
