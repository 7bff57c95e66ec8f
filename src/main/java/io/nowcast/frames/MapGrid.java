package io.nowcast.frames;

/**
 * Where the pixels of a north-up grid lie in the plane of a projection.
 *
 * @param projection what the coordinates mean
 * @param unit unit of the coordinates
 * @param west the western edge of column 0
 * @param north the northern edge of row 0
 * @param pixelWidth eastward, positive
 * @param pixelHeight southward, positive
 */
public record MapGrid(
        MapProjection projection,
        Unit unit,
        double west,
        double north,
        double pixelWidth,
        double pixelHeight) {

    /** The share of a pixel by which grids may differ and still be one: corners come rounded. */
    private static final double TOLERANCE = 0.05;

    public MapGrid {
        boolean finite =
                Double.isFinite(west)
                        && Double.isFinite(north)
                        && Double.isFinite(pixelWidth)
                        && Double.isFinite(pixelHeight);
        if (!finite || pixelWidth <= 0 || pixelHeight <= 0) {
            throw new IllegalArgumentException(
                    "a map grid needs finite edges and positive pixels, got west %s, north %s, pixels of %s x %s"
                            .formatted(west, north, pixelWidth, pixelHeight));
        }
    }

    /** The x coordinate of the centre of a column. */
    public double x(int column) {
        return west + (column + 0.5) * pixelWidth;
    }

    /** The y coordinate of the centre of a row. */
    public double y(int row) {
        return north - (row + 0.5) * pixelHeight;
    }

    /** The column, with a fraction, of an x coordinate: 0 at the western edge of column 0. */
    public double column(double x) {
        return (x - west) / pixelWidth;
    }

    /** The row, with a fraction, of a y coordinate: 0 at the northern edge of row 0. */
    public double row(double y) {
        return (north - y) / pixelHeight;
    }

    /** Whether two grids are one: the same projection, and edges within a small part of a pixel. */
    public boolean coincidesWith(MapGrid other, GridShape shape) {
        return projection.equals(other.projection)
                && unit == other.unit
                && near(west, other.west, pixelWidth)
                && near(north, other.north, pixelHeight)
                && near(x(shape.width()), other.x(shape.width()), pixelWidth)
                && near(y(shape.height()), other.y(shape.height()), pixelHeight);
    }

    private static boolean near(double a, double b, double pixel) {
        return Math.abs(a - b) <= TOLERANCE * pixel;
    }

    @Override
    public String toString() {
        return "west %s, north %s, pixels of %s x %s %s, %s"
                .formatted(west, north, pixelWidth, pixelHeight, unit.symbol(), projection);
    }

    /** Units of coordinates. */
    public enum Unit {
        METRE("m"),
        KILOMETRE("km"),
        DEGREE("degrees");

        private final String symbol;

        Unit(String symbol) {
            this.symbol = symbol;
        }

        public String symbol() {
            return symbol;
        }
    }
}
