package io.nowcast.codec;

import io.nowcast.frames.PixelEncoding;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/**
 * Turns request bodies into frames and forecasts into answers.
 *
 * <p>Thread-safe: holds nothing but its limits. Decoding never writes to the body.
 */
public final class FrameCodec {

    private final CodecLimits limits;

    public FrameCodec(CodecLimits limits) {
        this.limits = limits;
    }

    /**
     * Reads frames from a body whose format its first bytes tell.
     *
     * @throws MalformedBodyException if the body is damaged or of no known kind
     * @throws BodyTooLargeException if it promises or expands to more than the limits
     * @throws UnsupportedBodyException if it is of a known kind that is not read
     * @throws UnusableFramesException if it is well-formed but holds no sequence of frames
     */
    public DecodedFrames decode(byte[] body, DecodingRules rules) {
        return detectAndDecode(Section.of("body", body), rules);
    }

    /**
     * Reads frames from a body of the given format, with the same errors; a body of another format
     * is malformed, {@link FrameFormat#JSON} is not read.
     */
    public DecodedFrames decode(byte[] body, FrameFormat format, DecodingRules rules) {
        return decode(Section.of("body", body), format, rules);
    }

    /**
     * Reads frames from the parts of a multipart body: one NPY, NPZ or ZIP, or T PNGs or files of a
     * radar network in order. Same errors as for one body.
     */
    public DecodedFrames decodeParts(List<FramePart> parts, DecodingRules rules) {
        List<Section> sections = parts.stream().map(FramePart::section).toList();
        if (sections.isEmpty()) {
            throw new UnusableFramesException(
                    "expected parts named 'frames': one NPY, NPZ or ZIP, or PNG images; got none");
        }
        if (sections.size() == 1 && Signature.of(sections.getFirst()) != Signature.PNG) {
            return detectAndDecode(sections.getFirst(), rules);
        }
        if (Signature.of(sections.getFirst()).radarFile()) {
            limits.admitFrames("parts", sections.size());
            return new RadarFileReader(limits, rules).read("parts", sections);
        }
        for (Section section : sections) {
            Signature signature = Signature.of(section);
            if (signature == Signature.NPY || signature == Signature.ZIP) {
                throw new UnusableFramesException(
                        "%s: expected one NPY, NPZ or ZIP as the only part, or nothing but PNG images, got %s among %d parts"
                                .formatted(
                                        section.name(),
                                        Signature.describe(section),
                                        sections.size()));
            }
        }
        limits.admitFrames("parts", sections.size());
        return new PngStackReader(limits, rules).read("parts", sections);
    }

    /**
     * Asks, before a forecast is made, whether it can be written, as far as its frames tell. Series
     * of regions need {@link FrameFormat#requireSeries} instead.
     *
     * @param encoding and {@code bits}: how PNGs are to hold the values
     * @throws UnusableFramesException if the format has no room for so many sequences, no words for
     *     where they lie, or PNGs no integer for what is missing
     */
    public static void requireWritable(
            DecodedFrames observed, FrameFormat format, PixelEncoding encoding, int bits) {
        format.requireRoomFor(observed.sequences().size());
        if (format == FrameFormat.GEOTIFF) {
            observed.map().ifPresent(GeoTiffWriter::keys);
        }
        if (format == FrameFormat.PNG_STACK) {
            PixelQuantiser pixels = new PixelQuantiser(encoding, bits);
            observed.sequences().forEach(pixels::requireHoldsForecastOf);
        }
    }

    /**
     * Writes a forecast; flushes but does not close the stream.
     *
     * @param withValues whether JSON carries the values besides their statistics
     * @throws UnusableFramesException if the format or the encoding of PNGs cannot hold the
     *     forecast, before anything is written
     */
    public void encode(
            ForecastDocument document, FrameFormat format, boolean withValues, OutputStream out)
            throws IOException {
        format.requireRoomFor(document.sequences().size());
        switch (format) {
            case NPY -> NpyWriter.write(document.sequences(), document.batched(), out);
            case NPZ -> NpzWriter.write(document, out);
            case PNG_STACK -> PngStackWriter.write(document, out);
            case JSON -> ForecastJsonWriter.write(document, withValues, out);
            case NETCDF -> NetcdfWriter.write(document, out);
            case GEOTIFF -> GeoTiffWriter.write(document, out);
            case GIF -> PictureWriter.writeAnimation(document, out);
            case PICTURE -> PictureWriter.writePanels(document, out);
            case CSV -> ForecastCsvWriter.write(document, out);
        }
        out.flush();
    }

    /**
     * Writes time series; flushes but does not close the stream.
     *
     * @throws UnusableFramesException if the format holds none
     */
    public void encode(SeriesDocument document, FrameFormat format, OutputStream out)
            throws IOException {
        format.requireSeries();
        if (format == FrameFormat.JSON) {
            SeriesWriter.writeJson(document, out);
        } else {
            SeriesWriter.writeCsv(document, out);
        }
        out.flush();
    }

    private DecodedFrames detectAndDecode(Section section, DecodingRules rules) {
        Optional<FrameFormat> format = FrameFormat.detect(section);
        if (format.isPresent()) {
            return decode(section, format.get(), rules);
        }
        if (Signature.of(section).radarFile()) {
            return new RadarFileReader(limits, rules).read(section.name(), List.of(section));
        }
        String message =
                "%s: expected %s; got %s"
                        .formatted(section.name(), Signature.KINDS, Signature.describe(section));
        throw Signature.of(section) == Signature.UNKNOWN
                ? new MalformedBodyException(message)
                : new UnsupportedBodyException(message);
    }

    private DecodedFrames decode(Section section, FrameFormat format, DecodingRules rules) {
        return switch (format) {
            case NPY ->
                    new NpyReader(limits, rules).read(section, FrameFormat.NPY, Optional.empty());
            case NPZ -> new NpzReader(limits, rules).read(section);
            case PNG_STACK -> new FrameArchiveReader(limits, rules).read(section);
            case NETCDF, GEOTIFF ->
                    new RadarFileReader(limits, rules).read(section.name(), List.of(section));
            case JSON, GIF, PICTURE, CSV ->
                    throw new UnsupportedBodyException(
                            "frames are not read from %s; send %s"
                                    .formatted(format.parameter(), Signature.KINDS));
        };
    }
}
