package io.nowcast.benchmark;

import io.nowcast.codec.FrameFormat;
import io.nowcast.frames.RainUnit;

/** A request that can be sent any number of times. */
final class PlannedRequest {

    private final String name;
    private final FrameFormat format;
    private final RainUnit unit;
    private final int steps;
    private final byte[] body;

    PlannedRequest(String name, FrameFormat format, RainUnit unit, int steps, byte[] body) {
        this.name = name;
        this.format = format;
        this.unit = unit;
        this.steps = steps;
        this.body = body;
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

    /** The part of the address behind the question mark. */
    String query() {
        return "steps=" + steps + "&units=" + unit.symbol().replace("/", "%2F");
    }

    @Override
    public String toString() {
        return name + ", " + steps + " steps in " + unit;
    }
}
