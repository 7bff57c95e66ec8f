package io.nowcast.worker;

import io.nowcast.batching.BatchQueue;
import io.nowcast.batching.PendingPrediction;
import io.nowcast.batching.Prediction;
import io.nowcast.batching.PredictionException;
import io.nowcast.batching.PredictionListener;
import io.nowcast.batching.PredictionListener.Failure;
import io.nowcast.frames.ModelFrames;
import io.nowcast.model.ModelException;
import io.nowcast.model.NowcastModel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * `model` belongs to the worker's thread from the first line of `run` to its last; no other thread touches it.
 * `call` is written by the worker's thread; the watchdog reads it and may give the call up, and anyone may read it.
 * The queue counts this copy as serving before `run` begins and until it ends, except while its call is given up.
 */

/**
 * Runs one copy of a model on one device: takes batches from the model's queue until it is closed
 * and empty, or the device is lost.
 */
final class DeviceWorker implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(DeviceWorker.class);

    private final String modelName;
    private final ComputeDevice device;
    private final DeviceTurns.Share share;
    private final NowcastModel model;
    private final BatchQueue queue;
    private final PredictionListener listener;
    private final Runnable onDeviceLost;
    private final LongSupplier nanoTime;
    private volatile Optional<ModelCall> call = Optional.empty();

    /**
     * Takes ownership of the model.
     *
     * @param share the model's part of the device
     * @param onDeviceLost is run once the device was found lost and its loss is latched
     */
    DeviceWorker(
            String modelName,
            ComputeDevice device,
            DeviceTurns.Share share,
            NowcastModel model,
            BatchQueue queue,
            PredictionListener listener,
            Runnable onDeviceLost,
            LongSupplier nanoTime) {
        this.modelName = modelName;
        this.device = device;
        this.share = share;
        this.model = model;
        this.queue = queue;
        this.listener = listener;
        this.onDeviceLost = onDeviceLost;
        this.nanoTime = nanoTime;
    }

    @Override
    public void run() {
        String reason = "the service is shutting down";
        try (model) {
            serveUntilRetired();
            reason = device.loss().map(this::lossMessage).orElse(reason);
        } catch (InterruptedException _) {
            LOG.warn("{} on {} stops before its queue is empty", modelName, device.name());
        } catch (RuntimeException failure) {
            LOG.warn("{} on {} was not closed cleanly", modelName, device.name(), failure);
        } finally {
            queue.copyStopped(reason);
        }
    }

    private String lossMessage(String loss) {
        return "device %s is lost: %s".formatted(device.name(), loss);
    }

    private void serveUntilRetired() throws InterruptedException {
        while (queue.awaitWork(device::isLost)) {
            long ready = nanoTime.getAsLong();
            try (DeviceTurns.Turn turn = device.turns().take(share, queue::wake)) {
                if (!device.isLost()) {
                    serve(queue.take(), turn, ready);
                }
            }
            if (queue.depth() == 0) {
                model.rest();
            }
        }
    }

    private void serve(List<PendingPrediction> batch, DeviceTurns.Turn turn, long ready) {
        if (batch.isEmpty()) {
            return;
        }
        try (DeviceMemory.Taken _ = device.memory().take(batch)) {
            call(batch, turn, ready);
        }
    }

    private void call(List<PendingPrediction> batch, DeviceTurns.Turn turn, long ready) {
        ModelCall current = new ModelCall(batch, nanoTime);
        call = Optional.of(current);
        try {
            model.computeWith(turn.begin(queue.depth()), turn.isBesideSeveral());
            predict(batch);
        } finally {
            boolean givenUp = !current.end();
            if (givenUp) {
                LOG.warn("A model call of {} on {} came back after all", modelName, device.name());
                queue.copyServes();
            }
            // Last: a copy that says that it serves is one that the queue counts.
            call = Optional.empty();
            List<PendingPrediction> unanswered =
                    batch.stream().filter(prediction -> !prediction.isDone()).toList();
            // How long a call took that hung tells nothing of others.
            if (unanswered.isEmpty() && !givenUp) {
                queue.served(batch, Duration.ofNanos(nanoTime.getAsLong() - ready));
            } else {
                queue.giveBack(batch);
            }
        }
    }

    /**
     * Answers a batch. If the device has too little memory for it, its halves are tried; if it
     * fails otherwise, each prediction is tried alone, so that only the one at fault fails, and
     * only while somebody waits for it. On a lost device nothing is tried: what is not done then is
     * left to other copies.
     */
    private void predict(List<PendingPrediction> batch) {
        if (device.isLost()) {
            return;
        }
        try {
            answer(batch);
        } catch (ModelException.DeviceLost loss) {
            loseDevice(loss);
        } catch (ModelException.OutOfMemory exhausted) {
            log(exhausted, batch);
            if (batch.size() == 1) {
                fail(
                        batch.getFirst(),
                        Failure.OUT_OF_MEMORY,
                        new PredictionException.OutOfMemory(exhausted));
            } else {
                int half = batch.size() / 2;
                predictAgain(batch.subList(0, half));
                predictAgain(batch.subList(half, batch.size()));
            }
        } catch (Exception | Error failure) {
            // Whatever it is, somebody waits for an answer and the next batch can still be served.
            log(failure, batch);
            if (batch.size() == 1) {
                fail(batch.getFirst(), Failure.CALL, failure);
            } else {
                batch.forEach(prediction -> predictAgain(List.of(prediction)));
            }
        }
    }

    /** Once for each prediction: one that was given up may fail as well, later. */
    private void fail(PendingPrediction prediction, Failure reason, Throwable cause) {
        if (!prediction.isDone()) {
            listener.failed(modelName, reason);
            prediction.fail(cause);
        }
    }

    private void predictAgain(List<PendingPrediction> part) {
        List<PendingPrediction> wanted =
                part.stream().filter(PendingPrediction::isStillWanted).toList();
        if (!wanted.isEmpty()) {
            predict(wanted);
        }
    }

    private void answer(List<PendingPrediction> batch) {
        listener.dispatched(modelName, device.name().toString(), batch.size());
        List<Duration> queued = batch.stream().map(PendingPrediction::queuedFor).toList();
        long started = nanoTime.getAsLong();
        call.ifPresent(ModelCall::begin);
        int steps = batch.stream().mapToInt(PendingPrediction::steps).max().orElseThrow();
        List<ModelFrames> forecasts =
                model.predict(batch.stream().map(PendingPrediction::input).toList(), steps);
        Duration inference = Duration.ofNanos(nanoTime.getAsLong() - started);
        for (int index = 0; index < batch.size(); index++) {
            batch.get(index)
                    .complete(
                            new Prediction(
                                    forecasts.get(index),
                                    device.name().toString(),
                                    queued.get(index),
                                    inference));
        }
    }

    private void loseDevice(ModelException.DeviceLost loss) {
        if (device.lose(String.valueOf(loss.getMessage()))) {
            LOG.atError()
                    .setCause(loss)
                    .addKeyValue("device", device.name())
                    .log("Device {} is lost; this process can only be restarted", device.name());
            onDeviceLost.run();
        }
    }

    private void log(Throwable failure, List<PendingPrediction> batch) {
        LOG.atError()
                .setCause(failure)
                .addKeyValue("model", modelName)
                .addKeyValue("device", device.name())
                .log("A model call for {} predictions failed", batch.size());
    }

    /** Gives up a call that takes longer than {@code patience}: its requesters hear so. */
    void giveUpAfter(Duration patience) {
        call.filter(current -> current.elapsed().compareTo(patience) >= 0)
                .filter(ModelCall::giveUp)
                .ifPresent(current -> {
                    String reason =
                            "a model call on %s has not returned for %s"
                                    .formatted(device.name(), patience);
                    LOG.error("{}: {}", modelName, reason);
                    queue.copyStopped(reason);
                    current.batch()
                            .forEach(prediction ->
                                    fail(
                                            prediction,
                                            Failure.STUCK,
                                            new PredictionException.NoCopy(reason)));
                });
    }

    /** Whether the current call was given up and has not come back. */
    boolean isStuck() {
        return call.map(ModelCall::isGivenUp).orElse(false);
    }

    /** How long the current model call takes so far; zero when idle. */
    Duration busy() {
        return call.map(ModelCall::elapsed).orElse(Duration.ZERO);
    }
}
