package io.nowcast.tiling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nowcast.frames.GridShape;
import io.nowcast.frames.ModelFrames;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TilePlanTest {

    /** Every length that can be cut, for overlaps and multiples as networks have them. */
    @ParameterizedTest
    @CsvSource({"48, 0, 1", "48, 8, 1", "64, 16, 8", "96, 16, 16", "160, 32, 16", "50, 7, 3"})
    void weightsOfEveryPixelAddUpToExactlyOne(int tile, int overlap, int multiple) {
        int rounded = Math.ceilDiv(tile, multiple) * multiple;
        int shared = Math.ceilDiv(overlap, multiple) * multiple;
        for (int length = multiple; length < 9 * rounded; length += multiple) {
            TileAxis axis = TileAxis.of(length, Math.min(rounded, length), shared, multiple);
            for (int pixel = 0; pixel < length; pixel++) {
                float sum = 0;
                int tiles = 0;
                for (int index = 0; index < axis.count(); index++) {
                    float weight = axis.weight(index, pixel);
                    boolean inside =
                            pixel >= axis.start(index) && pixel < axis.start(index) + axis.tile();
                    boolean used = pixel >= axis.usedFrom(index) && pixel < axis.usedTo(index);
                    assertThat(weight).isBetween(0f, inside && used ? 1f : 0f);
                    sum += weight;
                    tiles += weight > 0 ? 1 : 0;
                }
                assertThat(sum).as("pixel %d of %d", pixel, length).isEqualTo(1f);
                assertThat(tiles).isBetween(1, 2);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"64, 16, 8", "96, 16, 16", "50, 7, 1"})
    void neighboursShareAtLeastTheOverlapAndStartAtTheMultiple(
            int tile, int overlap, int multiple) {
        int shared = Math.ceilDiv(overlap, multiple) * multiple;
        int rounded = Math.ceilDiv(tile, multiple) * multiple;
        for (int length = rounded + multiple; length < 20 * rounded; length += multiple) {
            TileAxis axis = TileAxis.of(length, rounded, shared, multiple);
            assertThat(axis.start(0)).isZero();
            assertThat(axis.start(axis.count() - 1) + axis.tile()).isEqualTo(length);
            for (int index = 1; index < axis.count(); index++) {
                assertThat(axis.start(index) % multiple).isZero();
                assertThat(axis.start(index - 1) + axis.tile() - axis.start(index))
                        .isGreaterThanOrEqualTo(shared);
            }
        }
    }

    /** Cut and put together again, whatever was cut comes back: to one rounding of a product. */
    @ParameterizedTest
    @CsvSource({"200, 136, 9000, 16, 8", "64, 640, 6400, 16, 16", "333, 217, 20000, 21, 1"})
    void whatIsCutComesBack(int height, int width, long most, int overlap, int multiple) {
        GridShape grid = new GridShape(height, width);
        ModelFrames frames = noise(3, grid);
        TilePlan plan = TilePlan.fewest(grid, most, overlap, multiple).orElseThrow();
        TileBlend blend = plan.blend(2);

        List<ModelFrames> tiles = plan.cut(frames);
        tiles.forEach(blend::add);

        assertThat(plan.isCut()).isTrue();
        assertThat(tiles)
                .hasSize(plan.count())
                .allMatch(tile -> tile.grid().equals(plan.tile()))
                .allMatch(tile -> tile.grid().pixels() <= most)
                .allMatch(tile -> tile.grid().height() % multiple == 0);
        float[] expected = Arrays.copyOf(frames.values(), 2 * height * width);
        float[] result = blend.result().values();
        assertThat(result).hasSameSizeAs(expected);
        for (int index = 0; index < expected.length; index++) {
            // Two products of a value up to 1 and their sum: three roundings.
            assertThat(Math.abs(result[index] - expected[index])).isLessThanOrEqualTo(3e-7f);
        }
    }

    @Test
    void oneTileIsTheFramesThemselves() {
        GridShape grid = new GridShape(32, 48);
        ModelFrames frames = noise(2, grid);
        TilePlan plan = TilePlan.whole(grid);
        TileBlend blend = plan.blend(1);

        blend.add(plan.cut(frames).getFirst());

        assertThat(plan.isCut()).isFalse();
        assertThat(plan.cut(frames)).containsExactly(frames);
        assertThat(blend.result()).isSameAs(frames);
    }

    @Test
    void takesTheFewestTilesAndOfThoseTheSquarest() {
        // The composite of OPERA, padded to multiples of 16, in tiles of at most two million.
        TilePlan plan =
                TilePlan.fewest(new GridShape(2208, 1904), 2_000_000, 128, 16).orElseThrow();

        assertThat(plan.count()).isEqualTo(3);
        assertThat(plan.tile().pixels()).isLessThanOrEqualTo(2_000_000);
        assertThat(plan).hasToString("3x1; overlap=128");
    }

    @Test
    void tilesThatAreAllOverlapAreNone() {
        assertThat(TilePlan.fewest(new GridShape(1024, 1024), 10_000, 128, 16)).isEmpty();
        assertThat(TilePlan.of(new GridShape(512, 512), new GridShape(128, 128), 64, 16)).isEmpty();
    }

    @Test
    void anAnswerOfAnotherShapeOrTooFewTilesAreNotTaken() {
        TilePlan plan = TilePlan.fewest(new GridShape(64, 64), 2500, 8, 8).orElseThrow();
        TileBlend blend = plan.blend(1);

        assertThatThrownBy(() -> blend.add(noise(1, new GridShape(64, 64))))
                .hasMessageContaining("got 1 of 64x64");
        assertThatThrownBy(blend::result).hasMessageContaining("0 of");
    }

    private static ModelFrames noise(int length, GridShape grid) {
        Random random = new Random(7);
        float[] values = new float[length * Math.toIntExact(grid.pixels())];
        for (int index = 0; index < values.length; index++) {
            values[index] = random.nextFloat();
        }
        return new ModelFrames(length, 1, grid, values);
    }
}
