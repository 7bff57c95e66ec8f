package io.nowcast.codec;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.MapGrid;
import io.nowcast.frames.MapProjection.GeoKeys;
import io.nowcast.projection.GeoKeyDirectory;
import io.nowcast.projection.ProjectionException;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferFloat;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.plugins.tiff.TIFFDirectory;
import javax.imageio.plugins.tiff.TIFFField;
import javax.imageio.plugins.tiff.TIFFTag;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Writes a forecast as a ZIP of GeoTIFFs, one a lead time, and a {@code metadata.json}: float32,
 * deflated, NaN where missing and named so in GDAL_NODATA, GeoKeys where the grid's place is known,
 * the valid time in DateTime (UTC). Named as PNGs are, {@code +005min.tif}.
 */
final class GeoTiffWriter {

    private static final int DATE_TIME = 306;
    private static final int PIXEL_SCALE = 33550;
    private static final int TIE_POINT = 33922;
    private static final int GEO_KEYS = 34735;
    private static final int GEO_DOUBLES = 34736;
    private static final int GEO_ASCII = 34737;
    private static final int GDAL_NODATA = 42113;
    private static final DateTimeFormatter TIFF_TIME =
            DateTimeFormatter.ofPattern("yyyy:MM:dd HH:mm:ss").withZone(ZoneOffset.UTC);

    private final ForecastDocument document;
    private final Optional<GeoKeys> keys;

    private GeoTiffWriter(ForecastDocument document) {
        this.document = document;
        this.keys = document.map().map(GeoTiffWriter::keys);
    }

    /**
     * Where the grid lies, as GeoTIFF says it.
     *
     * @throws UnusableFramesException if it has no words for that
     */
    static GeoKeys keys(MapGrid map) {
        try {
            return GeoKeyDirectory.of(map.projection(), map.unit());
        } catch (ProjectionException problem) {
            throw new UnusableFramesException("GeoTIFF: " + problem.getMessage());
        }
    }

    static void write(ForecastDocument document, OutputStream out) throws IOException {
        FrameSequence forecast = document.onlySequence();
        GeoTiffWriter writer = new GeoTiffWriter(document);
        List<String> names = LeadFileNames.of(document.leadTimes(), "tif");
        try (StoredZip zip = new StoredZip(out)) {
            for (int step = 0; step < forecast.length(); step++) {
                zip.add(names.get(step), writer.encode(forecast, step));
            }
            zip.add("metadata.json", ForecastJson.metadata(document, names));
        }
    }

    private byte[] encode(FrameSequence forecast, int step) throws IOException {
        BufferedImage image = image(forecast, step);
        ImageWriter writer = ImageIO.getImageWritersByFormatName("tiff").next();
        ByteArrayOutputStream tiff = new ByteArrayOutputStream();
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(tiff)) {
            writer.setOutput(out);
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            parameters.setCompressionType("Deflate");
            IIOMetadata metadata =
                    writer.getDefaultImageMetadata(new ImageTypeSpecifier(image), parameters);
            writer.write(null, new IIOImage(image, null, tagged(metadata, step)), parameters);
        } finally {
            writer.dispose();
        }
        return tiff.toByteArray();
    }

    private static BufferedImage image(FrameSequence forecast, int step) {
        int width = forecast.grid().width();
        int height = forecast.grid().height();
        float[] frame = new float[width * height];
        System.arraycopy(forecast.values(), step * frame.length, frame, 0, frame.length);
        WritableRaster raster =
                Raster.createWritableRaster(
                        new PixelInterleavedSampleModel(
                                DataBuffer.TYPE_FLOAT, width, height, 1, width, new int[] {0}),
                        new DataBufferFloat(frame, frame.length),
                        null);
        ComponentColorModel grey =
                new ComponentColorModel(
                        ColorSpace.getInstance(ColorSpace.CS_GRAY),
                        false,
                        false,
                        Transparency.OPAQUE,
                        DataBuffer.TYPE_FLOAT);
        return new BufferedImage(grey, raster, false, null);
    }

    private IIOMetadata tagged(IIOMetadata plain, int step) throws IOException {
        TIFFDirectory directory = TIFFDirectory.createFromMetadata(plain);
        text(directory, GDAL_NODATA, "nan");
        Optional<List<Instant>> validTimes = document.leadTimes().validTimes();
        validTimes.ifPresent(
                times -> text(directory, DATE_TIME, TIFF_TIME.format(times.get(step))));
        if (document.map().isPresent() && keys.isPresent()) {
            MapGrid map = document.map().get();
            numbers(directory, PIXEL_SCALE, new double[] {map.pixelWidth(), map.pixelHeight(), 0});
            numbers(directory, TIE_POINT, new double[] {0, 0, 0, map.west(), map.north(), 0});
            char[] entries = new char[keys.get().directory().size()];
            for (int index = 0; index < entries.length; index++) {
                entries[index] = (char) (int) keys.get().directory().get(index);
            }
            add(directory, GEO_KEYS, TIFFTag.TIFF_SHORT, entries.length, entries);
            if (!keys.get().doubles().isEmpty()) {
                numbers(
                        directory,
                        GEO_DOUBLES,
                        keys.get().doubles().stream().mapToDouble(Double::doubleValue).toArray());
            }
            if (!keys.get().ascii().isEmpty()) {
                text(directory, GEO_ASCII, keys.get().ascii());
            }
        }
        return directory.getAsMetadata();
    }

    private static void text(TIFFDirectory directory, int tag, String text) {
        add(directory, tag, TIFFTag.TIFF_ASCII, 1, new String[] {text});
    }

    private static void numbers(TIFFDirectory directory, int tag, double[] numbers) {
        add(directory, tag, TIFFTag.TIFF_DOUBLE, numbers.length, numbers);
    }

    private static void add(TIFFDirectory directory, int tag, int type, int count, Object content) {
        TIFFTag named = new TIFFTag("tag" + tag, tag, 1 << type);
        directory.addTIFFField(new TIFFField(named, type, count, content));
    }
}
