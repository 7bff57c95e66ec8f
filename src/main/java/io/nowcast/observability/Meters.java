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
    /** Gauge that is 1 while every copy of a model on a device serves. Tags: model, device. */
    WORKER_SERVING("nowcast.worker.serving"),
    /** Gauge of the memory of a GPU in use, by whomever, in bytes. Tag: device. */
    DEVICE_MEMORY_USED("nowcast.device.memory.used"),
    /** Gauge of all memory of a GPU, in bytes. Tag: device. */
    DEVICE_MEMORY_TOTAL("nowcast.device.memory.total"),
    /** Gauge of the share of time in which a GPU computes, 0..1. Tag: device. */
    DEVICE_UTILISATION("nowcast.device.utilisation"),
    /** Gauge of the temperature of a GPU. Tag: device. */
    DEVICE_TEMPERATURE("nowcast.device.temperature"),
    /** Gauge of the power that a GPU draws, in watts. Tag: device. */
    DEVICE_POWER("nowcast.device.power"),
    /** Timer of attempts to serve other files under a model's name. Tags: model, kind, outcome. */
    MODEL_CHANGE("nowcast.model.change"),
    /** Gauge of the generation of a model that is served. Tag: model. */
    MODEL_GENERATION("nowcast.model.generation"),
    /** Gauge of 1 for the weights that are served. Tags: model, digest. */
    MODEL_INFO("nowcast.model.info"),
    /** Gauge of model folders that are not served, or not as they lie there, for they are bad. */
    MODELS_BROKEN("nowcast.models.broken"),
    /** Gauge of copies of a model in memory, of all its generations. Tag: model. */
    MODEL_COPIES("nowcast.model.copies"),
    /** Counter of requests that were not let in. Tag: reason. */
    ACCESS_REFUSED("nowcast.access.refused"),
    /** Gauge of API keys in force. */
    API_KEYS("nowcast.access.keys"),
    /** Gauge that is 1 while the file of API keys is unusable and those of an earlier one count. */
    API_KEYS_BROKEN("nowcast.access.keys.broken");

    private final String meterName;

    Meters(String meterName) {
        this.meterName = meterName;
    }

    String meterName() {
        return meterName;
    }
}
