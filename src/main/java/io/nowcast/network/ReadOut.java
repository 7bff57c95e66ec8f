package io.nowcast.network;

import java.util.List;

/** How the features of a lead step become a frame. */
public sealed interface ReadOut {

    /** The layers from features to what the read-out works on. */
    List<Layer> layers();

    /** The layers' output is the frame. */
    record Direct(List<Layer> layers) implements ReadOut {
        public Direct {
            layers = List.copyOf(layers);
        }
    }

    /**
     * Transports the last observed frame along the motion that the network predicts (Lagrangian
     * extrapolation, Germann and Zawadzki 2002) and adds growth and decay. The layers give {@code 2
     * + b²} channels at 1/b of the resolution: the motion increment (dx, dy) of this lead time in
     * pixels, and the residual, space-to-depth by b. Increments accumulate to a displacement d;
     * with the last frame F and residual r the forecast is
     *
     * <pre>
     * clamp((F + r)(x + d), 0, 1)     residual at the source: growth travels with the rain
     * clamp(F(x + d) + r, 0, 1)       residual at the target
     * </pre>
     *
     * sampled bilinearly, zero outside the grid.
     *
     * @param block b, the factor between the features' grid and the frame's
     * @param residual where growth and decay are added
     */
    record Advection(List<Layer> layers, int block, Residual residual) implements ReadOut {
        public Advection {
            layers = List.copyOf(layers);
        }
    }

    /** Where an {@link Advection} adds growth and decay. */
    enum Residual {
        /** Before the transport. */
        AT_SOURCE,
        /** After the transport. */
        AT_TARGET
    }
}
