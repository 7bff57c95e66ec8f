package io.nowcast.observability;

/** Every meter of the service; dashboards and alerts are written against these names. */
enum Meters {
    /**
     * Timer of a stage of a request: decode, queue, inference, encode. Tags: stage, model, device.
     */
    STAGE("nowcast.forecast.stage"),
    /** Timer of whole forecast requests. Tags: model, device, outcome. */
    REQUEST("nowcast.forecast.request"),
    /** Counter of frames received. Tag: model. */
    FRAMES_RECEIVED("nowcast.frames.received"),
    /** Counter of forecast frames. Tag: model. */
    FRAMES_FORECAST("nowcast.frames.forecast"),
    /** Counter of bytes of request bodies. Tag: model. */
    BYTES_RECEIVED("nowcast.bytes.received"),
    /** Gauge of predictions waiting for a device. Tag: model. */
    QUEUE_DEPTH("nowcast.queue.depth"),
    /** Gauge of bytes of input waiting. Tag: model. */
    QUEUE_BYTES("nowcast.queue.bytes"),
    /** Gauge of requests that are being read or wait. Tag: model. */
    QUEUE_REQUESTS("nowcast.queue.requests"),
    /** Gauge of the seconds until a request that comes now would be begun. Tag: model. */
    QUEUE_WAIT("nowcast.queue.wait"),
    /** Gauge of heap bytes that requests hold. */
    QUEUE_MEMORY("nowcast.queue.memory.used"),
    /** Gauge of heap bytes that requests may hold. */
    QUEUE_MEMORY_LIMIT("nowcast.queue.memory.limit"),
    /** Counter of requests refused. Tags: model, reason. */
    REQUESTS_REFUSED("nowcast.requests.refused"),
    /** Counter of predictions that were accepted and dropped before a call. Tags: model, reason. */
    PREDICTIONS_DROPPED("nowcast.predictions.dropped"),
    /** Counter of predictions that failed. Tags: model, reason. */
    PREDICTIONS_FAILED("nowcast.predictions.failed"),
    /** Summary of predictions in a model call. Tags: model, device. */
    BATCH_SIZE("nowcast.batch.size"),
    /** Gauge that is 1 once a device is lost to this process. Tag: device. */
    DEVICE_LOST("nowcast.device.lost"),
    /** Gauge of predictions in model calls now. Tag: model. */
    PREDICTIONS_RUNNING("nowcast.predictions.running"),
    /** Gauge of forecast requests in flight. */
    REQUESTS_IN_FLIGHT("nowcast.requests.inflight"),
    /** Gauge that is 1 while a model copy serves. Tags: model, device. */
    WORKER_SERVING("nowcast.worker.serving");

    private final String meterName;

    Meters(String meterName) {
        this.meterName = meterName;
    }

    String meterName() {
        return meterName;
    }
}
