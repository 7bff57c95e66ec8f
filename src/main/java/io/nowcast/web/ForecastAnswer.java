package io.nowcast.web;

import io.nowcast.codec.DecodedFrames;
import io.nowcast.codec.ForecastDocument;
import io.nowcast.codec.FrameCodec;
import io.nowcast.codec.FrameFormat;
import io.nowcast.forecast.Forecast;
import io.nowcast.forecast.ModelDescription;
import io.nowcast.frames.LeadTimes;
import io.nowcast.frames.PixelEncoding;
import io.nowcast.frames.RainUnit;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.util.FastByteArrayOutputStream;

/**
 * The answer to one request: its format, its unit, its bytes and its headers. It is encoded whole
 * before the first byte is sent, so that a failure still is a problem and the headers can tell how
 * long it took.
 */
final class ForecastAnswer {

    private final ForecastParameters parameters;
    private final FrameFormat format;
    private final boolean batched;
    private final PixelEncoding pixelEncoding;
    private final int bits;
    private final FastByteArrayOutputStream content = new FastByteArrayOutputStream(1 << 16);

    ForecastAnswer(
            ModelDescription model,
            ForecastParameters parameters,
            DecodedFrames frames,
            Optional<FrameFormat> wanted) {
        this.parameters = parameters;
        this.batched = frames.batched();
        this.format = wanted.orElse(frames.format());
        // PNGs come back as they came; frames that came as floats or wide integers go into the
        // model's 16-bit encoding.
        boolean holdsPixels = frames.bits().isPresent() && frames.bits().getAsInt() <= 16;
        this.bits = holdsPixels && frames.bits().getAsInt() == 8 ? 8 : 16;
        this.pixelEncoding =
                holdsPixels
                        ? frames.pixelEncoding().orElse(model.encodings().sixteenBit())
                        : model.encodings().sixteenBit();
    }

    /** The unit that the forecast must be made in: PNGs hold the unit of their encoding. */
    RainUnit unit() {
        return format == FrameFormat.PNG_STACK ? pixelEncoding.unit() : parameters.unit();
    }

    void encode(Forecast forecast, FrameCodec codec) throws IOException {
        ForecastDocument document =
                new ForecastDocument(
                        forecast.sequences(),
                        batched,
                        forecast.leadTimes(),
                        pixelEncoding,
                        bits,
                        metadata(forecast));
        codec.encode(document, format, parameters.values(), content);
    }

    private static Map<String, Object> metadata(Forecast forecast) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("model", forecast.model().name());
        metadata.put("modelDigest", forecast.model().digest());
        metadata.put("precision", forecast.model().precision());
        metadata.put("device", forecast.device());
        metadata.put("interval", forecast.leadTimes().interval().toString());
        forecast.leadTimes().referenceTime().ifPresent(time -> metadata.put("referenceTime", time));
        return metadata;
    }

    void write(Forecast forecast, Stopwatch stages, HttpServletResponse response)
            throws IOException {
        response.setContentType(format.mediaType());
        response.setContentLength(content.size());
        response.setHeader(
                HttpHeaders.CONTENT_DISPOSITION,
                ContentDisposition.inline().filename("forecast." + suffix()).build().toString());
        response.setHeader("Nowcast-Model", forecast.model().name());
        response.setHeader("Nowcast-Model-Digest", forecast.model().digest());
        validTimes(forecast.leadTimes())
                .ifPresent(times -> response.setHeader("Nowcast-Valid-Times", times));
        response.setHeader("Server-Timing", stages.serverTiming());
        content.writeTo(response.getOutputStream());
    }

    private String suffix() {
        return format == FrameFormat.PNG_STACK ? "zip" : format.parameter();
    }

    private static Optional<String> validTimes(LeadTimes leadTimes) {
        return leadTimes
                .validTimes()
                .map(times ->
                        times.stream().map(Instant::toString).collect(Collectors.joining(", ")));
    }
}
