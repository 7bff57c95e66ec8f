package io.nowcast.web;

import io.nowcast.codec.DecodedFrames;
import io.nowcast.codec.DecodingRules;
import io.nowcast.codec.FrameCodec;
import io.nowcast.codec.FrameFormat;
import io.nowcast.codec.FramePart;
import io.nowcast.forecast.Admission;
import io.nowcast.forecast.Forecast;
import io.nowcast.forecast.ForecastException;
import io.nowcast.forecast.ForecastListener;
import io.nowcast.forecast.ForecastListener.Stage;
import io.nowcast.forecast.ForecastRequest;
import io.nowcast.forecast.ForecastService;
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
    private final DecodingSlots decoders;
    private final ClientQuotas quotas;
    private final BusyAnswer busyAnswer;
    private final AnswerPace pace;

    ForecastController(
            ForecastService forecasts,
            FrameCodec codec,
            RequestBodyReader bodies,
            ForecastListener listener,
            DecodingSlots decoders,
            ClientQuotas quotas,
            BusyAnswer busyAnswer,
            AnswerPace pace) {
        this.forecasts = forecasts;
        this.codec = codec;
        this.bodies = bodies;
        this.listener = listener;
        this.decoders = decoders;
        this.quotas = quotas;
        this.busyAnswer = busyAnswer;
        this.pace = pace;
    }

    @Override
    public void forecast(HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException, InterruptedException {
        Optional<FrameFormat> declared = FrameMediaTypes.declared(request.getContentType());
        answer(
                request,
                response,
                admission -> {
                    ReceivedBody body = bodies.read(request, admission::hold);
                    return new Body(
                            body.digest(),
                            body.sent(),
                            0,
                            rules -> decode(body.bytes(), declared, rules));
                });
    }

    @Override
    public void forecastParts(HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException, InterruptedException {
        RequestBodyReader.requireUncompressed(request);
        answer(
                request,
                response,
                admission -> {
                    // The parts as Tomcat keeps them, and as they are decoded.
                    admission.hold(2 * bodies.mostBytes(request));
                    InputDigest digest = new InputDigest();
                    List<FramePart> parts = parts(request, digest);
                    // The request keeps its parts, and nobody else can let them go.
                    return new Body(
                            digest.hexadecimal(),
                            digest.length(),
                            digest.length(),
                            rules -> codec.decodeParts(parts, rules));
                });
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
    private static List<FramePart> parts(HttpServletRequest request, InputDigest digest)
            throws IOException, ServletException {
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
                byte[] bytes = content.readAllBytes();
                digest.add(bytes);
                parts.add(new FramePart(name, bytes));
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

    private void answer(HttpServletRequest request, HttpServletResponse response, BodySource source)
            throws IOException, ServletException, InterruptedException {
        long started = System.nanoTime();
        String modelName = "unknown";
        String device = "none";
        String outcome = "failed";
        listener.requestStarted();
        try {
            ForecastParameters parameters = ForecastParameters.of(request.getQueryString());
            Optional<FrameFormat> wanted = AnswerFormat.of(parameters.format(), accept(request));
            modelName = forecasts.nameOf(parameters.model());
            try (Admission admission =
                    forecasts.admit(
                            parameters.model(),
                            Callers.of(request),
                            parameters.timeout(),
                            bodies.announced(request))) {
                Stopwatch stages = new Stopwatch();
                Decoded decoded = decode(source, admission, parameters);
                DecodedFrames frames = decoded.frames();
                stages.lap(Stage.DECODE);
                listener.received(modelName, decoded.received(), frames(frames.sequences()));
                quotas.charge(
                        request,
                        response,
                        RequestCost.pixels(
                                frames.sequences(), parameters.steps(), admission.model()));

                ForecastAnswer answer =
                        new ForecastAnswer(admission.model(), parameters, frames, wanted);
                long values =
                        RequestCost.answered(
                                frames.sequences(), parameters.steps(), admission.model());
                admission.keep(answer.bytesBeyondFloats(values));
                Forecast forecast =
                        forecasts.forecast(forecastRequest(parameters, frames, answer), admission);
                device = forecast.device();
                stages.set(Stage.QUEUE, forecast.queued());
                stages.set(Stage.INFERENCE, forecast.inference());
                stages.restart();
                Provenance provenance = Provenance.of(forecast, decoded.digest());
                answer.encode(forecast, provenance, codec);
                stages.lap(Stage.ENCODE);
                tell(stages, forecast);
                provenance.log(forecast);
                answer.setHeaders(forecast, provenance, stages, response);
                pace.write(answer.content(), request, response);
                outcome = "success";
            }
        } catch (ForecastException.Busy busy) {
            busyAnswer.write(busy, request, response);
        } finally {
            listener.requestEnded(modelName, device, outcome, Stopwatch.since(started));
        }
    }

    private void tell(Stopwatch stages, Forecast forecast) {
        String model = forecast.model().name();
        stages.laps()
                .forEach(
                        (stage, time) -> listener.stageTook(stage, model, forecast.device(), time));
        listener.answered(model, frames(forecast.sequences()));
    }

    /** The body ends here: a request that waits for its forecast holds its frames alone. */
    private Decoded decode(BodySource source, Admission admission, ForecastParameters parameters)
            throws IOException, ServletException, InterruptedException {
        Body body = source.read(admission);
        DecodingRules rules = parameters.decodingRules(admission.model().encodings());
        DecodedFrames frames =
                decoders.decode(
                        admission,
                        () -> {
                            DecodedFrames decoded = body.decoding().decode(rules);
                            admission.keep(body.kept());
                            admission.holdFrames(decoded.sequences());
                            return decoded;
                        });
        return new Decoded(frames, body.digest(), body.received());
    }

    /** The whole {@code Accept}: it may come in several lines (RFC 9110, section 5.3). */
    private static String accept(HttpServletRequest request) {
        return String.join(", ", Collections.list(request.getHeaders(HttpHeaders.ACCEPT)));
    }

    private static ForecastRequest forecastRequest(
            ForecastParameters parameters, DecodedFrames frames, ForecastAnswer answer) {
        return new ForecastRequest(
                frames.sequences(),
                parameters.steps(),
                answer.unit(),
                frames.times().orElse(List.of()),
                parameters.time(),
                parameters.interval(),
                parameters.zr().or(frames::zr),
                parameters.resample());
    }

    private static long frames(List<FrameSequence> sequences) {
        return sequences.stream().mapToLong(FrameSequence::length).sum();
    }

    /** Reads a body that was admitted. */
    private interface BodySource {
        Body read(Admission admission) throws IOException, ServletException;
    }

    /**
     * A body that was read.
     *
     * @param digest SHA-256 of it as it was sent; of a multipart body, of its parts' contents one
     *     behind the other
     * @param received its bytes
     * @param kept bytes of it that stay on the heap once it is decoded
     */
    private record Body(String digest, long received, long kept, Decoding decoding) {}

    private record Decoded(DecodedFrames frames, String digest, long received) {}

    private interface Decoding {
        DecodedFrames decode(DecodingRules rules);
    }
}
