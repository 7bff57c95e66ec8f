package io.nowcast.web;

import io.nowcast.codec.DecodedFrames;
import io.nowcast.codec.DecodingRules;
import io.nowcast.codec.FrameCodec;
import io.nowcast.codec.FrameFormat;
import io.nowcast.forecast.Admission;
import io.nowcast.forecast.Forecast;
import io.nowcast.forecast.ForecastException;
import io.nowcast.forecast.ForecastListener;
import io.nowcast.forecast.ForecastListener.Stage;
import io.nowcast.forecast.ForecastRequest;
import io.nowcast.forecast.ForecastService;
import io.nowcast.frames.FrameSequence;
import io.nowcast.security.ClientQuotas;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/**
 * Forecasts by the Open Inference Protocol, version 2. They take the way of {@code POST /forecast}:
 * its admission, its decoder, its use case, its queue and its meters. Hidden from OpenAPI: the
 * protocol has a description of its own.
 */
@Hidden
@RestController
final class InferenceController {

    /** Every model has one version; its digest tells more. */
    static final String VERSION = "1";

    private final ForecastService forecasts;
    private final FrameCodec codec;
    private final RequestBodyReader bodies;
    private final ForecastListener listener;
    private final DecodingSlots decoders;
    private final ClientQuotas quotas;
    private final BusyAnswer busyAnswer;
    private final AnswerPace pace;
    private final JsonMapper json;
    private final long elementLimit;

    InferenceController(
            ForecastService forecasts,
            FrameCodec codec,
            RequestBodyReader bodies,
            ForecastListener listener,
            DecodingSlots decoders,
            ClientQuotas quotas,
            BusyAnswer busyAnswer,
            AnswerPace pace,
            LimitProperties limits) {
        this.forecasts = forecasts;
        this.codec = codec;
        this.bodies = bodies;
        this.listener = listener;
        this.decoders = decoders;
        this.quotas = quotas;
        this.busyAnswer = busyAnswer;
        this.pace = pace;
        this.json = InferenceRequestReader.mapper(limits.jsonDepth());
        this.elementLimit = limits.expandedBytes() / Float.BYTES;
    }

    @PostMapping({"/v2/models/{model}/infer", "/v2/models/{model}/versions/{version}/infer"})
    void infer(
            @PathVariable("model") String name,
            @PathVariable(name = "version", required = false) Optional<String> version,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException, InterruptedException {
        long started = System.nanoTime();
        String modelName = "unknown";
        String device = "none";
        String outcome = "failed";
        listener.requestStarted();
        try {
            requireVersion(version);
            modelName = forecasts.nameOf(Optional.of(name));
            try (Admission admission =
                    forecasts.admit(
                            Optional.of(name),
                            Callers.of(request),
                            Optional.empty(),
                            bodies.announced(request))) {
                Stopwatch stages = new Stopwatch();
                Decoded decoded = decode(request, admission, name);
                ForecastParameters parameters = decoded.parameters();
                DecodedFrames frames = decoded.frames();
                stages.lap(Stage.DECODE);
                listener.received(modelName, decoded.received(), frames(frames.sequences()));
                quotas.charge(
                        request,
                        response,
                        RequestCost.pixels(
                                frames.sequences(), parameters.steps(), admission.model()));

                if (!decoded.binaryAnswer()) {
                    admission.keep(
                            AnswerBytes.textBeyondFloats(
                                    RequestCost.answered(
                                            frames.sequences(),
                                            parameters.steps(),
                                            admission.model())));
                }
                Forecast forecast =
                        forecasts.forecast(forecastRequest(parameters, frames), admission);
                device = forecast.device();
                stages.set(Stage.QUEUE, forecast.queued());
                stages.set(Stage.INFERENCE, forecast.inference());
                stages.restart();
                InferenceAnswer answer =
                        new InferenceAnswer(
                                decoded.id(), decoded.binaryAnswer(), forecast, frames.batched());
                answer.encode();
                stages.lap(Stage.ENCODE);
                stages.laps()
                        .forEach((stage, time) ->
                                listener.stageTook(
                                        stage, forecast.model().name(), forecast.device(), time));
                listener.answered(modelName, frames(forecast.sequences()));
                Provenance provenance = Provenance.of(forecast, decoded.digest());
                provenance.log(forecast);
                answer.setHeaders(provenance, stages, response);
                pace.write(answer.content(), request, response);
                outcome = "success";
            }
        } catch (ForecastException.Busy busy) {
            busyAnswer.writeInferenceError(busy, response);
        } finally {
            listener.requestEnded(modelName, device, outcome, Stopwatch.since(started));
        }
    }

    /** The body ends here: a request that waits for its forecast holds its frames alone. */
    private Decoded decode(HttpServletRequest request, Admission admission, String name)
            throws IOException, InterruptedException {
        ReceivedBody body = bodies.read(request, admission::hold);
        return decoders.decode(
                admission,
                () -> {
                    InferenceRequest inference =
                            InferenceRequestReader.read(
                                    body.bytes(),
                                    request.getHeader(InferenceAnswer.HEADER_LENGTH),
                                    elementLimit,
                                    json,
                                    admission::hold);
                    ForecastParameters parameters = inference.forecastParameters(name);
                    parameters.timeout().ifPresent(admission::within);
                    DecodingRules rules = parameters.decodingRules(admission.model().encodings());
                    DecodedFrames frames = codec.decode(inference.npy(), FrameFormat.NPY, rules);
                    admission.holdFrames(frames.sequences());
                    return new Decoded(
                            inference.id(),
                            inference.binaryAnswer(),
                            parameters,
                            frames,
                            body.digest(),
                            body.sent());
                });
    }

    private record Decoded(
            Optional<String> id,
            boolean binaryAnswer,
            ForecastParameters parameters,
            DecodedFrames frames,
            String digest,
            long received) {}

    /**
     * Refuses a version that there is not.
     *
     * @throws BodyException 404
     */
    static void requireVersion(Optional<String> version) {
        version.filter(asked -> !asked.equals(VERSION))
                .ifPresent(asked -> {
                    throw new BodyException(
                            HttpStatus.NOT_FOUND,
                            "there is no version '%s', only '%s'".formatted(asked, VERSION));
                });
    }

    private static ForecastRequest forecastRequest(
            ForecastParameters parameters, DecodedFrames frames) {
        return new ForecastRequest(
                frames.sequences(),
                parameters.steps(),
                parameters.unit(),
                List.of(),
                parameters.time(),
                parameters.interval(),
                parameters.zr(),
                parameters.resample());
    }

    private static long frames(List<FrameSequence> sequences) {
        return sequences.stream().mapToLong(FrameSequence::length).sum();
    }
}
