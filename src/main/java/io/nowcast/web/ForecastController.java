package io.nowcast.web;

import io.nowcast.codec.DecodedFrames;
import io.nowcast.codec.DecodingRules;
import io.nowcast.codec.FrameCodec;
import io.nowcast.codec.FrameFormat;
import io.nowcast.codec.FramePart;
import io.nowcast.forecast.Forecast;
import io.nowcast.forecast.ForecastListener;
import io.nowcast.forecast.ForecastListener.Stage;
import io.nowcast.forecast.ForecastRequest;
import io.nowcast.forecast.ForecastService;
import io.nowcast.forecast.ModelDescription;
import io.nowcast.frames.FrameSequence;
import io.nowcast.security.ClientQuotas;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartRequest;
import org.springframework.web.util.WebUtils;

/** {@code POST /forecast}: decodes the frames, has them forecast, encodes the answer. */
@RestController
final class ForecastController implements ForecastApi {

    private static final String PART = "frames";

    private final ForecastService forecasts;
    private final FrameCodec codec;
    private final RequestBodyReader bodies;
    private final ForecastListener listener;
    private final RequestSlots slots;
    private final ClientQuotas quotas;

    ForecastController(
            ForecastService forecasts,
            FrameCodec codec,
            RequestBodyReader bodies,
            ForecastListener listener,
            RequestSlots slots,
            ClientQuotas quotas) {
        this.forecasts = forecasts;
        this.codec = codec;
        this.bodies = bodies;
        this.listener = listener;
        this.slots = slots;
        this.quotas = quotas;
    }

    @Override
    public void forecast(HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException, InterruptedException {
        Optional<FrameFormat> declared = RequestBodyReader.declaredFormat(request);
        answer(
                request,
                response,
                rules -> received(decode(bodies.read(request), declared, rules), request));
    }

    @Override
    public void forecastParts(HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException, InterruptedException {
        answer(
                request,
                response,
                rules -> received(codec.decodeParts(parts(request), rules), request));
    }

    private static Received received(DecodedFrames frames, HttpServletRequest request) {
        return new Received(frames, Math.max(0, request.getContentLengthLong()));
    }

    private DecodedFrames decode(byte[] body, Optional<FrameFormat> declared, DecodingRules rules) {
        Optional<FrameFormat> found = FrameFormat.detect(body);
        // An NPZ is a ZIP, and octet-stream says nothing: there the first bytes decide, as they do
        // for files of radar networks, whose media types are many and seldom told.
        boolean bytesDecide =
                declared.isEmpty()
                        || (declared.get() == FrameFormat.PNG_STACK
                                && found.equals(Optional.of(FrameFormat.NPZ)));
        return bytesDecide ? codec.decode(body, rules) : codec.decode(body, declared.get(), rules);
    }

    /** The parts as they came: one without a file name is a frame as well, and is not lost. */
    private static List<FramePart> parts(HttpServletRequest request)
            throws IOException, ServletException {
        RequestBodyReader.requireUncompressed(request);
        readMultipart(request);
        List<FramePart> parts = new ArrayList<>();
        for (Part part : request.getParts()) {
            if (!part.getName().equals(PART)) {
                throw new BodyException(
                        HttpStatus.BAD_REQUEST,
                        "the multipart body has a part named '%s'; expected parts named '%s' only"
                                .formatted(part.getName(), PART));
            }
            String name = Optional.ofNullable(part.getSubmittedFileName()).orElse(PART);
            try (InputStream content = part.getInputStream()) {
                parts.add(new FramePart(name, content.readAllBytes()));
            }
        }
        return parts;
    }

    /**
     * Has Spring read the body, which it put off until now, and report in its own terms what is
     * wrong with it.
     */
    private static void readMultipart(HttpServletRequest request) {
        MultipartRequest multipart = WebUtils.getNativeRequest(request, MultipartRequest.class);
        if (multipart != null) {
            multipart.getMultiFileMap();
        }
    }

    private void answer(
            HttpServletRequest request, HttpServletResponse response, FrameSource source)
            throws IOException, ServletException, InterruptedException {
        long started = System.nanoTime();
        String modelName = "unknown";
        String device = "none";
        String outcome = "failed";
        listener.requestStarted();
        try (RequestSlots.Slot _ = slots.take()) {
            ForecastParameters parameters = ForecastParameters.of(request.getQueryString());
            Optional<FrameFormat> wanted = AnswerFormat.of(parameters.format(), accept(request));
            ModelDescription model = forecasts.describe(parameters.model());
            modelName = model.name();
            Stopwatch stages = new Stopwatch();
            Received received = source.decode(parameters.decodingRules(model.encodings()));
            stages.lap(Stage.DECODE);
            countReceived(modelName, received);
            quotas.charge(
                    request,
                    response,
                    RequestCost.pixels(received.frames().sequences(), parameters.steps(), model));

            ForecastAnswer answer =
                    new ForecastAnswer(model, parameters, received.frames(), wanted);
            Forecast forecast =
                    forecasts.forecast(forecastRequest(parameters, received.frames(), answer));
            device = forecast.device();
            stages.set(Stage.QUEUE, forecast.queued());
            stages.set(Stage.INFERENCE, forecast.inference());
            stages.restart();
            answer.encode(forecast, codec);
            stages.lap(Stage.ENCODE);
            stages.laps()
                    .forEach((stage, time) ->
                            listener.stageTook(stage, model.name(), forecast.device(), time));
            listener.answered(modelName, frames(forecast.sequences()));
            answer.write(forecast, stages, response);
            outcome = "success";
        } finally {
            listener.requestEnded(modelName, device, outcome, Stopwatch.since(started));
        }
    }

    /** The whole {@code Accept}: it may come in several lines (RFC 9110, section 5.3). */
    private static String accept(HttpServletRequest request) {
        return String.join(", ", Collections.list(request.getHeaders(HttpHeaders.ACCEPT)));
    }

    private void countReceived(String model, Received received) {
        listener.received(model, received.bytes(), frames(received.frames().sequences()));
    }

    private static ForecastRequest forecastRequest(
            ForecastParameters parameters, DecodedFrames frames, ForecastAnswer answer) {
        return new ForecastRequest(
                parameters.model(),
                frames.sequences(),
                parameters.steps(),
                answer.unit(),
                frames.times().orElse(List.of()),
                parameters.time(),
                parameters.interval(),
                parameters.timeout(),
                parameters.zr().or(frames::zr),
                parameters.resample());
    }

    private static long frames(List<FrameSequence> sequences) {
        return sequences.stream().mapToLong(FrameSequence::length).sum();
    }

    /** Reads the frames of a request under the rules of its model. */
    private interface FrameSource {
        Received decode(DecodingRules rules) throws IOException, ServletException;
    }

    /** Frames, and the bytes that they came in. */
    private record Received(DecodedFrames frames, long bytes) {}
}
