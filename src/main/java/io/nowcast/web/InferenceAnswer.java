package io.nowcast.web;

import io.nowcast.forecast.Forecast;
import io.nowcast.frames.FrameSequence;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.http.MediaType;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The answer to an inference request: one tensor FP32 {@code [S, H, W]}, or {@code [B, S, H, W]}
 * for a batch. In JSON a missing value is null, in binary NaN. Encoded whole before the first byte
 * is sent, like every answer.
 */
final class InferenceAnswer {

    /** The name of the tensor that comes out. */
    static final String OUTPUT = "forecast";

    /** Tells where the JSON ends and binary data begin. */
    static final String HEADER_LENGTH = "Inference-Header-Content-Length";

    /** Binary data follow what it writes. */
    private static final JsonMapper JSON =
            JsonMapper.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

    private final Optional<String> id;
    private final boolean binary;
    private final Forecast forecast;
    private final boolean batched;
    private final AnswerBytes content = new AnswerBytes();
    private long headerLength;

    /**
     * Makes the answer.
     *
     * @param id what the client calls the request
     * @param binary whether the tensor is to follow the JSON in binary
     */
    InferenceAnswer(Optional<String> id, boolean binary, Forecast forecast, boolean batched) {
        this.id = id;
        this.binary = binary;
        this.forecast = forecast;
        this.batched = batched;
    }

    void encode() throws IOException {
        try (JsonGenerator json = JSON.createGenerator(content)) {
            json.writeStartObject();
            json.writeStringProperty("model_name", forecast.model().name());
            json.writeStringProperty("model_version", InferenceController.VERSION);
            id.ifPresent(text -> json.writeStringProperty("id", text));
            json.writeArrayPropertyStart("outputs");
            json.writeStartObject();
            json.writeStringProperty("name", OUTPUT);
            json.writeStringProperty("datatype", TensorType.FP32.name());
            json.writeArrayPropertyStart("shape");
            shape().forEach(json::writeNumber);
            json.writeEndArray();
            if (binary) {
                json.writeObjectPropertyStart("parameters");
                json.writeNumberProperty("binary_data_size", elements() * Float.BYTES);
                json.writeEndObject();
            } else {
                json.writeArrayPropertyStart("data");
                forecast.sequences().forEach(sequence -> writeNumbers(sequence, json));
                json.writeEndArray();
            }
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
        }
        headerLength = content.size();
        if (binary) {
            forecast.sequences().forEach(this::writeBinary);
        }
    }

    /** Frame by frame. */
    private void writeBinary(FrameSequence sequence) {
        int plane = (int) sequence.grid().pixels();
        ByteBuffer frame = ByteBuffer.allocate(plane * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int step = 0; step < sequence.length(); step++) {
            frame.asFloatBuffer().put(sequence.values(), step * plane, plane);
            content.write(frame.array(), 0, frame.capacity());
        }
    }

    private static void writeNumbers(FrameSequence sequence, JsonGenerator json) {
        for (float value : sequence.values()) {
            if (Float.isFinite(value)) {
                json.writeNumber(value);
            } else {
                json.writeNull();
            }
        }
    }

    private List<Integer> shape() {
        FrameSequence first = forecast.sequences().getFirst();
        List<Integer> shape = new ArrayList<>();
        if (batched) {
            shape.add(forecast.sequences().size());
        }
        shape.addAll(List.of(first.length(), first.grid().height(), first.grid().width()));
        return shape;
    }

    private long elements() {
        return forecast.sequences().stream().mapToLong(part -> part.values().length).sum();
    }

    AnswerBytes content() {
        return content;
    }

    void setHeaders(Provenance provenance, Stopwatch stages, HttpServletResponse response) {
        if (binary) {
            response.setContentType(MediaType.APPLICATION_OCTET_STREAM_VALUE);
            response.setHeader(HEADER_LENGTH, Long.toString(headerLength));
        } else {
            response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        }
        response.setContentLengthLong(content.size());
        provenance.setHeaders(response);
        forecast.tiles().ifPresent(tiles -> response.setHeader(ForecastAnswer.TILES, tiles));
        response.setHeader("Server-Timing", stages.serverTiming());
    }
}
