package io.nowcast.codec;

import io.nowcast.frames.GridShape;
import io.nowcast.frames.MapGrid;
import io.nowcast.frames.MapProjection;
import io.nowcast.projection.MapPlane;
import io.nowcast.projection.ProjectionException;

/** Places a grid by the longitudes and latitudes of two opposite outer corners. */
final class CornerGrid {

    private CornerGrid() {}

    /**
     * Places the grid by its north-western corner, and compares the south-eastern one.
     *
     * @param pixelWidth and {@code pixelHeight}: in {@code unit}; 0 where they follow from the
     *     corners
     * @throws UnusableFramesException if the projection cannot be used or the corners contradict
     *     the pixels
     */
    static MapGrid of(
            String where,
            MapProjection projection,
            MapGrid.Unit unit,
            GridShape shape,
            double pixelWidth,
            double pixelHeight,
            Corner northWest,
            Corner southEast) {
        try {
            MapPlane plane = MapPlane.of(projection);
            MapPlane.Point start = plane.point(northWest.longitude(), northWest.latitude());
            MapPlane.Point end = plane.point(southEast.longitude(), southEast.latitude());
            double width = (end.x() - start.x()) / shape.width();
            double height = (start.y() - end.y()) / shape.height();
            boolean contradiction =
                    (pixelWidth != 0
                                    && Math.abs(width - pixelWidth) * shape.width()
                                            > pixelWidth / 2)
                            || (pixelHeight != 0
                                    && Math.abs(height - pixelHeight) * shape.height()
                                            > pixelHeight / 2);
            if (contradiction) {
                throw new UnusableFramesException(
                        "%s: the corners make pixels of %s x %s %s, the file says %s x %s"
                                .formatted(
                                        where,
                                        width,
                                        height,
                                        unit.symbol(),
                                        pixelWidth,
                                        pixelHeight));
            }
            return new MapGrid(
                    projection,
                    plane.geographic() ? MapGrid.Unit.DEGREE : unit,
                    start.x(),
                    start.y(),
                    pixelWidth == 0 ? width : pixelWidth,
                    pixelHeight == 0 ? height : pixelHeight);
        } catch (ProjectionException | IllegalArgumentException problem) {
            throw new UnusableFramesException(where + ": " + problem.getMessage());
        }
    }

    /** Places a grid by its other two corners, from which the size of pixels follows. */
    static MapGrid ofSouthWestAndNorthEast(
            String where,
            MapProjection projection,
            GridShape shape,
            Corner southWest,
            Corner northEast) {
        try {
            MapPlane plane = MapPlane.of(projection);
            MapPlane.Point start = plane.point(southWest.longitude(), southWest.latitude());
            MapPlane.Point end = plane.point(northEast.longitude(), northEast.latitude());
            return new MapGrid(
                    projection,
                    MapGrid.Unit.METRE,
                    start.x(),
                    end.y(),
                    (end.x() - start.x()) / shape.width(),
                    (end.y() - start.y()) / shape.height());
        } catch (ProjectionException | IllegalArgumentException problem) {
            throw new UnusableFramesException(where + ": " + problem.getMessage());
        }
    }

    /** An outer corner of the grid, in degrees. */
    record Corner(double longitude, double latitude) {}
}
