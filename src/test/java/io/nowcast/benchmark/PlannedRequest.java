package io.nowcast.benchmark;

import io.nowcast.codec.FrameFormat;
import io.nowcast.frames.RainUnit;
import java.util.Map;
import java.util.TreeMap;

/** A request that can be sent any number of times. */
final class PlannedRequest {

    private final String name;
    private final FrameFormat format;
    private final RainUnit unit;
    private final int steps;
    private final byte[] body;
    private final String model;
    private final String timeout;
    private final Map<String, String> headers;

    PlannedRequest(String name, FrameFormat format, RainUnit unit, int steps, byte[] body) {
        this(name, format, unit, steps, body, "", "", Map.of());
    }

    private PlannedRequest(
            String name,
            FrameFormat format,
            RainUnit unit,
            int steps,
            byte[] body,
            String model,
            String timeout,
            Map<String, String> headers) {
        this.name = name;
        this.format = format;
        this.unit = unit;
        this.steps = steps;
        this.body = body;
        this.model = model;
        this.timeout = timeout;
        this.headers = headers;
    }

    /** The same request to a model of this name; the empty name means the default model. */
    PlannedRequest toModel(String newModel) {
        return new PlannedRequest(name, format, unit, steps, body, newModel, timeout, headers);
    }

    /** The same request with a deadline in ISO 8601; the empty one means the service's default. */
    PlannedRequest within(String newTimeout) {
        return new PlannedRequest(name, format, unit, steps, body, model, newTimeout, headers);
    }

    /** The same request with a further header. */
    PlannedRequest with(String header, String value) {
        Map<String, String> all = new TreeMap<>(headers);
        all.put(header, value);
        return new PlannedRequest(name, format, unit, steps, body, model, timeout, Map.copyOf(all));
    }

    FrameFormat format() {
        return format;
    }

    RainUnit unit() {
        return unit;
    }

    byte[] body() {
        return body;
    }

    Map<String, String> headers() {
        return headers;
    }

    /** Requests of one kind take the same work: grid, steps, model, format. */
    String kind() {
        return name + ", " + steps + " steps" + (model.isEmpty() ? "" : ", model " + model);
    }

    /** The part of the address behind the question mark. */
    String query() {
        return "steps="
                + steps
                + "&units="
                + unit.symbol().replace("/", "%2F")
                + (model.isEmpty() ? "" : "&model=" + model)
                + (timeout.isEmpty() ? "" : "&timeout=" + timeout);
    }

    @Override
    public String toString() {
        return name
                + ", "
                + steps
                + " steps in "
                + unit
                + (model.isEmpty() ? "" : ", model " + model);
    }
}
