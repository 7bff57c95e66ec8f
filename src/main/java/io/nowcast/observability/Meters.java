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
    /** Gauge of predictions in model calls now. Tag: model. */
    PREDICTIONS_RUNNING("nowcast.predictions.running"),
    /** Gauge of forecast requests in flight. */
    REQUESTS_IN_FLIGHT("nowcast.requests.inflight"),
    /** Gauge that is 1 while a model copy serves. Tags: model, device. */
    WORKER_SERVING("nowcast.worker.serving"),
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
