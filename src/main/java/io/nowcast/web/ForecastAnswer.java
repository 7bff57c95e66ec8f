package io.nowcast.web;

import io.nowcast.codec.DecodedFrames;
import io.nowcast.codec.ForecastDocument;
import io.nowcast.codec.FrameCodec;
import io.nowcast.codec.FrameFormat;
import io.nowcast.codec.SeriesDocument;
import io.nowcast.forecast.Forecast;
import io.nowcast.forecast.ModelDescription;
import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.LeadTimes;
import io.nowcast.frames.MapGrid;
import io.nowcast.frames.PixelEncoding;
import io.nowcast.frames.RainUnit;
import io.nowcast.products.ForecastField;
import io.nowcast.products.RegionPixels;
import io.nowcast.products.RegionSeries;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;

/**
 * The answer to one request: its format, its unit, its bytes and its headers. It is encoded whole
 * before the first byte is sent, so that a failure still is a problem and the headers can tell how
 * long it took.
 */
final class ForecastAnswer {

    /** Tells that the grid was forecast in tiles, and how. */
    static final String TILES = "Nowcast-Tiles";

    /** 2 kB of the 8 kB that Tomcat, or of the 4 kB that nginx, allows the headers of an answer. */
    private static final int MOST_TIMES_IN_A_HEADER = 100;

    private final ForecastParameters parameters;
    private final FrameFormat format;
    private final boolean batched;
    private final Optional<MapGrid> map;
    private final PixelEncoding pixelEncoding;
    private final int bits;
    private final List<RegionPixels> regions;
    private Optional<LeadTimes> leadTimes = Optional.empty();
    private final AnswerBytes content = new AnswerBytes();

    /**
     * Chooses the answer's form.
     *
     * @throws ParameterException if no such answer to such frames can be written; so are {@link
     *     UnusableFramesException} and {@link ProductException}
     */
    ForecastAnswer(
            ModelDescription model,
            ForecastParameters parameters,
            DecodedFrames frames,
            Optional<FrameFormat> wanted) {
        this.parameters = parameters;
        this.batched = frames.batched();
        this.map = frames.map();
        this.format = wanted.orElse(usual(parameters, frames));
        // PNGs come back as they came; frames that came as floats or wide integers go into the
        // model's 16-bit encoding.
        boolean holdsPixels = frames.bits().isPresent() && frames.bits().getAsInt() <= 16;
        this.bits = holdsPixels && frames.bits().getAsInt() == 8 ? 8 : 16;
        this.pixelEncoding =
                holdsPixels
                        ? frames.pixelEncoding().orElse(model.encodings().sixteenBit())
                        : model.encodings().sixteenBit();
        // Told before the forecast is made, which would be in vain.
        requireProduct(model);
        this.regions = regionsOf(frames.sequences());
        if (regions.isEmpty()) {
            requireWritable(frames);
        }
    }

    /** More steps than the model gives are refused with the forecast. */
    private void requireProduct(ModelDescription model) {
        int steps = parameters.steps().orElse(model.outputFrames());
        if (steps >= 1 && steps <= model.maximumSteps()) {
            LeadTimes leads = new LeadTimes(model.interval(), steps, Optional.empty());
            parameters.product().ifPresent(product -> product.leadTimes(leads));
        }
    }

    private List<RegionPixels> regionsOf(List<FrameSequence> sequences) {
        if (parameters.regions().isEmpty()) {
            return List.of();
        }
        if (sequences.size() > 1 || map.isEmpty()) {
            throw new ParameterException(
                    "at, box and polygon need one sequence of frames that tell where they lie: ODIM_H5, KNMI HDF5, CF NetCDF or GeoTIFF");
        }
        format.requireSeries();
        GridShape grid = sequences.getFirst().grid();
        return parameters.regions().stream()
                .map(region -> RegionPixels.of(region, grid, map.get()))
                .toList();
    }

    private void requireWritable(DecodedFrames frames) {
        if (format == FrameFormat.PNG_STACK && parameters.product().isPresent()) {
            throw new ParameterException(
                    "PNG pixels hold rates or reflectivity, no products; ask for npy, npz, json, netcdf, geotiff, gif or picture");
        }
        FrameCodec.requireWritable(frames, format, pixelEncoding, bits);
    }

    /** The unit that the forecast must be made in: PNGs hold the unit of their encoding. */
    RainUnit unit() {
        if (parameters.product().isPresent()) {
            return parameters.product().get().unit(parameters.unit());
        }
        return format == FrameFormat.PNG_STACK ? pixelEncoding.unit() : parameters.unit();
    }

    /**
     * Heap that it takes beside the forecast and as many bytes again: numbers as text, and a
     * product.
     *
     * @param values of the forecast
     */
    long bytesBeyondFloats(long values) {
        boolean text = format == FrameFormat.JSON && parameters.values();
        return (text ? AnswerBytes.textBeyondFloats(values) : 0)
                + (parameters.product().isPresent() ? Float.BYTES * values : 0);
    }

    /** The kind that came in, where it can hold what is asked for. */
    private static FrameFormat usual(ForecastParameters parameters, DecodedFrames frames) {
        if (!parameters.regions().isEmpty()) {
            return FrameFormat.JSON;
        }
        boolean pixels = frames.format() == FrameFormat.PNG_STACK;
        return pixels && parameters.product().isPresent() ? FrameFormat.NPY : frames.format();
    }

    private ForecastField field(FrameSequence sequence, Forecast forecast) {
        ForecastField rain = new ForecastField(sequence, forecast.leadTimes());
        return parameters.product().map(product -> product.of(rain)).orElse(rain);
    }

    void encode(Forecast forecast, Provenance provenance, FrameCodec codec) throws IOException {
        List<ForecastField> fields =
                forecast.sequences().stream().map(frames -> field(frames, forecast)).toList();
        leadTimes = Optional.of(fields.getFirst().leadTimes());
        if (!regions.isEmpty()) {
            encodeSeries(fields, forecast, provenance, codec);
            return;
        }
        ForecastDocument document =
                new ForecastDocument(
                        fields.stream().map(ForecastField::frames).toList(),
                        batched,
                        fields.getFirst().leadTimes(),
                        pixelEncoding,
                        bits,
                        metadata(forecast, provenance),
                        map);
        codec.encode(document, format, parameters.values(), content);
    }

    private void encodeSeries(
            List<ForecastField> fields, Forecast forecast, Provenance provenance, FrameCodec codec)
            throws IOException {
        FrameSequence frames = fields.getFirst().frames();
        List<SeriesDocument.Series> series = new ArrayList<>();
        for (RegionPixels region : regions) {
            RegionSeries means = region.means(frames);
            series.add(new SeriesDocument.Series(means.region(), means.pixels(), means.means()));
        }
        codec.encode(
                new SeriesDocument(
                        series,
                        fields.getFirst().leadTimes(),
                        frames.unit(),
                        metadata(forecast, provenance)),
                format,
                content);
    }

    private static Map<String, Object> metadata(Forecast forecast, Provenance provenance) {
        Map<String, Object> metadata = new LinkedHashMap<>(provenance.members());
        forecast.tiles().ifPresent(tiles -> metadata.put("tiles", tiles));
        metadata.put("interval", forecast.leadTimes().interval().toString());
        forecast.leadTimes().referenceTime().ifPresent(time -> metadata.put("referenceTime", time));
        return metadata;
    }

    AnswerBytes content() {
        return content;
    }

    void setHeaders(
            Forecast forecast,
            Provenance provenance,
            Stopwatch stages,
            HttpServletResponse response) {
        response.setContentType(format.mediaType());
        response.setContentLengthLong(content.size());
        response.setHeader(
                HttpHeaders.CONTENT_DISPOSITION,
                ContentDisposition.inline()
                        .filename("forecast." + format.suffix())
                        .build()
                        .toString());
        provenance.setHeaders(response);
        forecast.tiles().ifPresent(tiles -> response.setHeader(TILES, tiles));
        validTimes(leadTimes.orElse(forecast.leadTimes()))
                .ifPresent(times -> response.setHeader("Nowcast-Valid-Times", times));
        response.setHeader("Server-Timing", stages.serverTiming());
    }

    private static Optional<String> validTimes(LeadTimes leadTimes) {
        return leadTimes
                .validTimes()
                .filter(times -> times.size() <= MOST_TIMES_IN_A_HEADER)
                .map(times ->
                        times.stream().map(Instant::toString).collect(Collectors.joining(", ")));
    }
}
