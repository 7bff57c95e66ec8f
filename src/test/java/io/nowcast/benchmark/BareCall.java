package io.nowcast.benchmark;

import io.nowcast.batching.BatchQueue;
import io.nowcast.batching.BatchQueues;
import io.nowcast.batching.Prediction;
import io.nowcast.batching.Requester;
import io.nowcast.batching.Reservation;
import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.ModelFrames;
import io.nowcast.frames.RainUnit;
import io.nowcast.model.ModelCatalogue;
import io.nowcast.model.ServedModel;
import java.time.Duration;
import java.util.List;
import org.springframework.context.ApplicationContext;

/**
 * The default model of a service in this process, called with nothing around it: by the copy that
 * serves requests, on the thread that owns it, and timed there, from the normalised frames to the
 * forecast as a Java array.
 */
final class BareCall {

    private static final Requester REQUESTER = new Requester("bare call", 3, Duration.ofMinutes(2));

    private final ServedModel model;
    private final BatchQueue queue;

    private BareCall(ServedModel model, BatchQueue queue) {
        this.model = model;
        this.queue = queue;
    }

    static BareCall in(ApplicationContext service) {
        ModelCatalogue catalogue = service.getBean(ModelCatalogue.class);
        ServedModel model = catalogue.find(catalogue.defaultModel()).orElseThrow();
        return new BareCall(model, service.getBean(BatchQueues.class).of(model.name()).getLast());
    }

    /** Rain rates for this model. */
    FrameSequence frames(GridShape grid) {
        return SyntheticRadar.rainRate(
                SyntheticRadar.reflectivity(model.manifest().frames().input(), grid, 1));
    }

    ModelFrames normalise(FrameSequence frames) {
        return model.scaling().normalise(frames, frames.length(), model.paddedGrid(frames.grid()));
    }

    void denormalise(ModelFrames forecast, int steps, FrameSequence frames) {
        model.scaling().denormalise(forecast, steps, frames, RainUnit.MILLIMETRES_PER_HOUR);
    }

    /** Runs the model; its outcome tells the forecast and the time. */
    Prediction run(ModelFrames input, int steps) throws InterruptedException {
        try (Reservation reservation = queue.reserve(REQUESTER, input.bytes())) {
            return reservation
                    .submit(List.of(new Reservation.Work(input, steps, 0)))
                    .getFirst()
                    .await(() -> false);
        }
    }
}
