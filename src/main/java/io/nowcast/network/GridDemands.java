package io.nowcast.network;

import io.nowcast.frames.GridShape;
import java.util.Optional;

/** What a network's layers together demand of the grid of a frame. */
final class GridDemands {

    private int multiple = 1;
    private Optional<GridShape> only = Optional.empty();

    void addMultiple(int divisor) {
        long common = (long) multiple / greatestCommonDivisor(multiple, divisor) * divisor;
        if (common > FeatureShape.MOST_SHRINKAGE) {
            throw new IllegalArgumentException(
                    "sides of a frame would have to be multiples of %d, more than %d"
                            .formatted(common, FeatureShape.MOST_SHRINKAGE));
        }
        multiple = (int) common;
    }

    void require(GridShape grid) {
        only.ifPresent(other -> {
            if (!other.equals(grid)) {
                throw new IllegalArgumentException(
                        "weights of the grid belong to frames of %s and of %s"
                                .formatted(other, grid));
            }
        });
        only = Optional.of(grid);
    }

    int multiple() {
        return multiple;
    }

    Optional<GridShape> only() {
        return only;
    }

    private static int greatestCommonDivisor(int a, int b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }
}
