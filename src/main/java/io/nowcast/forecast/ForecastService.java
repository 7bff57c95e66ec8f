package io.nowcast.forecast;

import io.nowcast.batching.BatchQueues;
import io.nowcast.batching.Prediction;
import io.nowcast.batching.PredictionException;
import io.nowcast.batching.Requester;
import io.nowcast.batching.Reservation;
import io.nowcast.batching.WorkingMemory;
import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.LeadTimes;
import io.nowcast.frames.ModelFrames;
import io.nowcast.model.ModelCatalogue;
import io.nowcast.model.ServedModel;
import io.nowcast.scaling.RainScaling;
import io.nowcast.scaling.UnusableValuesException;
import io.nowcast.scaling.ZrRelation;
import io.nowcast.tiling.TilePlan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Makes forecasts: checks a request against its model, scales the frames, runs the model and scales
 * the answer.
 */
public final class ForecastService {

    private final ModelCatalogue catalogue;
    private final BatchQueues queues;
    private final GridAdmission grids;
    private final Duration longestTimeout;

    /**
     * Makes the use case.
     *
     * @param workingMemory what a prediction may take on its device, beside the weights
     * @param longestTimeout the deadline of requests that ask for none or for a longer one
     */
    public ForecastService(
            ModelCatalogue catalogue,
            BatchQueues queues,
            WorkingMemory workingMemory,
            Duration longestTimeout) {
        this.catalogue = catalogue;
        this.queues = queues;
        this.grids = new GridAdmission(workingMemory);
        this.longestTimeout = longestTimeout;
    }

    /** The models that are served, by name. */
    public List<ModelDescription> models() {
        return catalogue.models().stream().map(this::describe).toList();
    }

    /** The model that answers requests that name none. */
    public String defaultModel() {
        return catalogue.defaultModel();
    }

    /** The model folders that are not served, with the reason. */
    public Map<String, String> brokenModels() {
        return catalogue.broken();
    }

    /**
     * The model that a request means: the default model where it names none.
     *
     * @throws ForecastException.UnknownModel if none of this name is served
     */
    public ModelDescription describe(Optional<String> name) {
        return describe(model(name));
    }

    /**
     * The name of the model that a request means.
     *
     * @throws ForecastException.UnknownModel if none of this name is served
     */
    public String nameOf(Optional<String> name) {
        return model(name).name();
    }

    private ModelDescription describe(ServedModel model) {
        return ModelDescription.of(
                model,
                grids.wholePixels(model, model.manifest().frames().output()),
                catalogue.lastChange(model.name()));
    }

    private ServedModel model(Optional<String> name) {
        String wanted = name.orElse(catalogue.defaultModel());
        return catalogue.find(wanted).orElseThrow(() -> unknown(wanted));
    }

    private ForecastException unknown(String name) {
        String known =
                String.join(", ", catalogue.models().stream().map(ServedModel::name).toList());
        String reason =
                catalogue.broken().containsKey(name)
                        ? "is broken, see GET /models"
                        : "is not known";
        return new ForecastException.UnknownModel(
                "model '%s' %s; served: %s".formatted(name, reason, known));
    }

    /**
     * Lets a request in before its body is read.
     *
     * @param name the model; the default model where absent
     * @param timeout after which the answer is worthless; the configured longest where absent
     * @param bytes heap that reading the request takes at first
     * @throws ForecastException if there is no such model, or no room
     */
    public Admission admit(
            Optional<String> name, Caller caller, Optional<Duration> timeout, long bytes) {
        timeout.ifPresent(Admission::requirePositive);
        Duration allowed =
                timeout.filter(limit -> limit.compareTo(longestTimeout) < 0).orElse(longestTimeout);
        Requester requester = new Requester(caller.client(), caller.urgency(), allowed);
        Optional<Admission> admission;
        do {
            admission = tryAdmit(model(name), requester, bytes, caller.gone());
        } while (admission.isEmpty());
        return admission.get();
    }

    /**
     * Empty if the model was replaced since it was looked up. The catalogue names the next
     * generation before the one before lets nobody in any more, so that the next look finds it.
     */
    private Optional<Admission> tryAdmit(
            ServedModel model, Requester requester, long bytes, BooleanSupplier gone) {
        try {
            return queues.find(model.name(), model.generation().number())
                    .map(queue -> queue.reserve(requester, bytes))
                    .map(reservation -> new Admission(model, describe(model), reservation, gone));
        } catch (PredictionException.Withdrawn _) {
            return Optional.empty();
        } catch (PredictionException refusal) {
            throw Failures.translate(refusal);
        }
    }

    /**
     * Makes a forecast; blocks until it is there or its deadline has passed.
     *
     * @throws ForecastException if the request is unusable, the service busy, too late or failing
     * @throws InterruptedException if the calling thread is interrupted; the work is dropped when
     *     the admission is closed
     */
    public Forecast forecast(ForecastRequest asked, Admission admission)
            throws InterruptedException {
        ServedModel model = admission.servedModel();
        ForecastRequest request = asked.resample() ? resampled(asked, admission) : asked;
        int steps = RequestChecks.steps(request, model);
        // Times first: a gap explains why frames are too few.
        Optional<Instant> referenceTime = RequestChecks.referenceTime(request, model);
        RequestChecks.check(request, model);
        TilePlan plan =
                grids.plan(
                        model,
                        request.sequences().getFirst().grid(),
                        steps,
                        request.sequences().size());
        RainScaling scaling = scaling(request, model);
        admission.holdForecast(HeapEstimate.of(request, model, plan, steps));
        TileAnswers answers = new TileAnswers(plan, steps);
        admission.predict(works(request, model, plan, scaling, steps), answers::add);
        List<Prediction> predictions = answers.sequences();
        List<FrameSequence> sequences = new ArrayList<>();
        for (int index = 0; index < predictions.size(); index++) {
            sequences.add(
                    scaling.denormalise(
                            predictions.get(index).forecast(),
                            steps,
                            request.sequences().get(index),
                            request.unit()));
        }
        return new Forecast(
                describe(model),
                sequences,
                new LeadTimes(model.manifest().interval(), steps, referenceTime),
                predictions.getLast().device(),
                longest(predictions.stream().map(Prediction::queued).toList()),
                longest(predictions.stream().map(Prediction::inference).toList()),
                Optional.of(plan).filter(TilePlan::isCut).map(TilePlan::toString));
    }

    /** The frames that came stay on the heap beside those that are made from them. */
    private static ForecastRequest resampled(ForecastRequest request, Admission admission) {
        ServedModel model = admission.servedModel();
        if (!model.manifest().mayResample()) {
            throw new ForecastException.Unusable(
                    "interval=resample: model %s does not allow it (resample in its manifest); it reads frames %s apart"
                            .formatted(model.name(), model.manifest().interval()));
        }
        int needed = model.manifest().frames().input();
        admission.keep(HeapEstimate.ofFrames(request.sequences()));
        admission.holdForecast(HeapEstimate.ofFrames(request.sequences(), needed));
        return Resampling.resample(request, model.manifest().interval(), needed);
    }

    /** Normalised whole: the mean of a frame or its nearest observed pixel is not a tile's. */
    private static List<Reservation.Work> works(
            ForecastRequest request,
            ServedModel model,
            TilePlan plan,
            RainScaling scaling,
            int steps) {
        return request.sequences().stream()
                .map(frames -> normalise(frames, model, scaling))
                .flatMap(whole -> plan.cut(whole).stream())
                .map(input ->
                        new Reservation.Work(
                                input,
                                steps,
                                model.workingBytes(input.grid(), steps).orElse(input.bytes())))
                .toList();
    }

    /** The model's scaling, with the relation between dBZ and mm/h that the request knows. */
    private static RainScaling scaling(ForecastRequest request, ServedModel model) {
        return request.zr()
                .map(zr -> model.scaling().with(new ZrRelation(zr.a(), zr.b())))
                .orElse(model.scaling());
    }

    private static ModelFrames normalise(
            FrameSequence frames, ServedModel model, RainScaling scaling) {
        GridShape padded = model.paddedGrid(frames.grid());
        try {
            return scaling.normalise(frames, model.manifest().frames().input(), padded);
        } catch (UnusableValuesException problem) {
            throw new ForecastException.Unusable(String.valueOf(problem.getMessage()));
        }
    }

    private static Duration longest(List<Duration> durations) {
        return durations.stream().max(Comparator.naturalOrder()).orElse(Duration.ZERO);
    }
}
