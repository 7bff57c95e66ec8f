package io.nowcast.layout;

import io.nowcast.network.RecurrentNetwork;
import java.util.Set;

/** The way in which one training code names and shapes its tensors. */
interface Layout {

    String name();

    /** Whether these keys are this layout's, those of the layouts before it being ruled out. */
    boolean recognises(Set<String> keys);

    /**
     * Rewrites the weights into the canonical network; problems are collected in {@code weights}
     * and {@code choices}.
     *
     * @throws IllegalArgumentException if the tensors do not fit each other
     */
    RecurrentNetwork read(Weights weights, Choices choices);
}
