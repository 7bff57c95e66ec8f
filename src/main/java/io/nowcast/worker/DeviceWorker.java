package io.nowcast.worker;

import io.nowcast.batching.BatchQueue;
import io.nowcast.batching.PendingPrediction;
import io.nowcast.batching.Prediction;
import io.nowcast.frames.ModelFrames;
import io.nowcast.model.DeviceName;
import io.nowcast.model.NowcastModel;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * `model` belongs to the worker's thread from the first line of `run` to its last; no other thread touches it.
 * `busySince` is written by the worker's thread and read by anyone.
 */

/**
 * Runs one copy of a model on one device: takes batches from the model's queue until it is closed
 * and empty.
 */
final class DeviceWorker implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(DeviceWorker.class);
    private static final long IDLE = -1;

    private final String modelName;
    private final DeviceName device;
    private final NowcastModel model;
    private final BatchQueue queue;
    private volatile long busySince = IDLE;

    /** Takes ownership of the model. */
    DeviceWorker(String modelName, DeviceName device, NowcastModel model, BatchQueue queue) {
        this.modelName = modelName;
        this.device = device;
        this.model = model;
        this.queue = queue;
    }

    @Override
    public void run() {
        try (model) {
            List<PendingPrediction> batch = queue.nextBatch();
            while (!batch.isEmpty()) {
                serve(batch);
                batch = queue.nextBatch();
            }
        } catch (InterruptedException _) {
            LOG.warn("{} on {} stops before its queue is empty", modelName, device);
        }
    }

    private void serve(List<PendingPrediction> batch) {
        long started = System.nanoTime();
        busySince = started;
        try {
            predict(batch);
        } finally {
            busySince = IDLE;
            queue.served(batch.size(), Duration.ofNanos(System.nanoTime() - started));
        }
    }

    /**
     * Answers a batch; if its call fails, each prediction is tried alone, so that only the one at
     * fault fails.
     */
    private void predict(List<PendingPrediction> batch) {
        List<Duration> queued = batch.stream().map(PendingPrediction::age).toList();
        long started = System.nanoTime();
        try {
            int steps = batch.stream().mapToInt(PendingPrediction::steps).max().orElseThrow();
            List<ModelFrames> forecasts =
                    model.predict(batch.stream().map(PendingPrediction::input).toList(), steps);
            Duration inference = Duration.ofNanos(System.nanoTime() - started);
            for (int index = 0; index < batch.size(); index++) {
                batch.get(index)
                        .complete(
                                new Prediction(
                                        forecasts.get(index),
                                        device.toString(),
                                        queued.get(index),
                                        inference));
            }
        } catch (Exception | Error failure) {
            // Whatever it is, somebody waits for an answer and the next batch can still be served.
            LOG.atError()
                    .setCause(failure)
                    .addKeyValue("model", modelName)
                    .addKeyValue("device", device)
                    .log("A model call for {} predictions failed", batch.size());
            if (batch.size() == 1) {
                batch.getFirst().fail(failure);
            } else {
                batch.forEach(prediction -> predict(List.of(prediction)));
            }
        }
    }

    String modelName() {
        return modelName;
    }

    DeviceName device() {
        return device;
    }

    /** How long the current model call takes so far; zero when idle. */
    Duration busy() {
        long since = busySince;
        return since == IDLE ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
    }
}
