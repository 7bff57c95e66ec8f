package io.nowcast.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nowcast.frames.GridShape;
import io.nowcast.testing.NumpyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Against vectors that fields were moved by, and against NumPy's search of all shifts. */
class MeanMotionTest {

    private static final Path FOLDER = Path.of("src/test/resources/scaling");
    private static final Path SHARED =
            Path.of(System.getProperty("nowcast.shared", "../shared"), "radar", "fixtures");

    static IntStream pairs() {
        return IntStream.range(0, NumpyFile.read(FOLDER.resolve("motion_vectors.npy")).size(0));
    }

    /** Moved by SciPy; from the third on with missing data, from the fourth on with noise. */
    @ParameterizedTest
    @MethodSource("pairs")
    void findsByWhatScipyMovedAField(int pair) {
        NumpyFile fields = NumpyFile.read(FOLDER.resolve("motion_fields.npy"));
        NumpyFile vectors = NumpyFile.read(FOLDER.resolve("motion_vectors.npy"));
        GridShape grid = new GridShape(fields.size(2), fields.size(3));
        int plane = (int) grid.pixels();
        float[] values = fields.values();

        MeanMotion motion =
                MeanMotion.between(
                        new EchoField(
                                grid,
                                Arrays.copyOfRange(
                                        values, 2 * pair * plane, (2 * pair + 1) * plane)),
                        new EchoField(
                                grid,
                                Arrays.copyOfRange(
                                        values, (2 * pair + 1) * plane, (2 * pair + 2) * plane)));

        assertThat(motion.rows()).isCloseTo(vectors.values()[2 * pair], within(0.3));
        assertThat(motion.columns()).isCloseTo(vectors.values()[2 * pair + 1], within(0.3));
    }

    /** The vectors that {@code make_motion.py} prints: all shifts at full resolution. */
    @ParameterizedTest
    @CsvSource({
        "fmi_20160928, -3.397, 2.095",
        "mch_20150515, -1.496, -2.730",
        "fmi_nodata, -5.158, 0.844"
    })
    void findsWhatNumpyFindsInRealFrames(String event, double rows, double columns)
            throws IOException {
        Path file = SHARED.resolve(event + "_15x128x128_u8.npy");
        assumeTrue(Files.exists(file), "real radar frames are absent: " + file);
        byte[] codes = Files.readAllBytes(file);
        int plane = 128 * 128;

        MeanMotion motion =
                MeanMotion.between(
                        numbers(codes, codes.length - 2 * plane, plane),
                        numbers(codes, codes.length - plane, plane));

        assertThat(motion.rows()).isCloseTo(rows, within(0.05));
        assertThat(motion.columns()).isCloseTo(columns, within(0.05));
    }

    private static EchoField numbers(byte[] codes, int start, int plane) {
        float[] numbers = new float[plane];
        for (int pixel = 0; pixel < plane; pixel++) {
            int code = codes[start + pixel] & 0xff;
            float reflectivity = code / 2f - 32;
            numbers[pixel] = reflectivity < 5 ? 0 : Math.min(reflectivity, 60) / 60;
            numbers[pixel] = code == 255 ? Float.NaN : numbers[pixel];
        }
        return new EchoField(new GridShape(128, 128), numbers);
    }

    @ParameterizedTest
    @CsvSource({
        "16, 24, 1.2, -2, 0.3",
        "300, 421, -11.3, 17.6, 0.3",
        "300, 421, 40, -60, 0.3",
        "512, 512, 0.4, -3, 0.3",
        "1100, 950, 25.5, 14.2, 1"
    })
    void findsTheMotionOfCells(
            int height, int width, double rows, double columns, double tolerance) {
        GridShape grid = new GridShape(height, width);

        MeanMotion motion =
                MeanMotion.between(cells(grid, 0, 0, height / 3), cells(grid, rows, columns, 0));

        assertThat(motion.rows()).isCloseTo(rows, within(tolerance));
        assertThat(motion.columns()).isCloseTo(columns, within(tolerance));
    }

    /** Round cells all over and around the grid; northern rows are missing. */
    private static EchoField cells(GridShape grid, double down, double right, int missing) {
        Random random = new Random(3);
        double[][] cells = new double[60][];
        for (int cell = 0; cell < cells.length; cell++) {
            cells[cell] =
                    new double[] {
                        (2 * random.nextDouble() - 0.5) * grid.height() + down,
                        (2 * random.nextDouble() - 0.5) * grid.width() + right,
                        (0.03 + 0.04 * random.nextDouble()) * grid.height(),
                        random.nextDouble()
                    };
        }
        return field(
                grid,
                (row, column) -> {
                    double echo = 0;
                    for (double[] cell : cells) {
                        double distance = Math.hypot(row - cell[0], column - cell[1]) / cell[2];
                        echo = Math.max(echo, cell[3] * (1 - distance * distance / 4));
                    }
                    return row < missing ? Double.NaN : echo;
                });
    }

    @Test
    void nothingMovesWithoutEcho() {
        assertThat(between((_, _) -> 0.1, (_, _) -> 0.1)).isEqualTo(MeanMotion.NONE);
        assertThat(between((_, _) -> Double.NaN, (_, _) -> 0.1)).isEqualTo(MeanMotion.NONE);
        assertThat(between((row, _) -> row > 40 ? 0 : 1, (_, _) -> 0)).isEqualTo(MeanMotion.NONE);
    }

    @Test
    void nothingMovesWithoutAClearMaximum() {
        Random random = new Random(1);

        // Stripes look alike wherever they are moved along themselves.
        assertThat(between((row, _) -> Math.sin(row / 9.0), (row, _) -> Math.sin((row - 3) / 9.0)))
                .isEqualTo(MeanMotion.NONE);
        assertThat(between((_, _) -> random.nextDouble(), (_, _) -> random.nextDouble()))
                .isEqualTo(MeanMotion.NONE);
        // A cell that crosses half the grid in one interval.
        assertThat(between(cell(20, 20), cell(60, 60))).isEqualTo(MeanMotion.NONE);
    }

    private static DoubleBinaryOperator cell(double row, double column) {
        return (y, x) -> Math.max(0, 1 - Math.hypot(y - row, x - column) / 10);
    }

    private static MeanMotion between(DoubleBinaryOperator earlier, DoubleBinaryOperator later) {
        GridShape grid = new GridShape(80, 80);
        return MeanMotion.between(field(grid, earlier), field(grid, later));
    }

    private static EchoField field(GridShape grid, DoubleBinaryOperator echo) {
        float[] values = new float[(int) grid.pixels()];
        for (int pixel = 0; pixel < values.length; pixel++) {
            int row = pixel / grid.width();
            values[pixel] = (float) echo.applyAsDouble(row, pixel % grid.width());
        }
        return new EchoField(grid, values);
    }
}
