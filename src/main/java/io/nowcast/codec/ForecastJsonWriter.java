package io.nowcast.codec;

import io.nowcast.frames.FrameSequence;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a forecast as JSON, streaming: the metadata, {@code units}, {@code grid}, {@code steps},
 * then {@code leadTimes} with statistics and, if wanted, {@code values} as nested arrays {@code
 * [S][H][W]} with null where missing. A batch has the last two for each of its {@code forecasts}.
 */
final class ForecastJsonWriter {

    private static final JsonMapper JSON =
            JsonMapper.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

    private final ForecastDocument document;
    private final boolean withValues;
    private final JsonGenerator json;

    private ForecastJsonWriter(ForecastDocument document, boolean withValues, JsonGenerator json) {
        this.document = document;
        this.withValues = withValues;
        this.json = json;
    }

    static void write(ForecastDocument document, boolean withValues, OutputStream out)
            throws IOException {
        try (JsonGenerator json = JSON.createGenerator(out)) {
            new ForecastJsonWriter(document, withValues, json).writeDocument();
        } catch (JacksonIOException e) {
            throw e.getCause();
        }
    }

    private void writeDocument() {
        json.writeStartObject();
        document.metadata().forEach(json::writePOJOProperty);
        json.writeStringProperty("units", document.unit().symbol());
        json.writePOJOProperty("grid", ForecastJson.grid(document.grid()));
        json.writeNumberProperty("steps", document.leadTimes().steps());
        if (document.batched()) {
            json.writeArrayPropertyStart("forecasts");
            for (FrameSequence sequence : document.sequences()) {
                json.writeStartObject();
                writeSequence(sequence);
                json.writeEndObject();
            }
            json.writeEndArray();
        } else {
            writeSequence(document.sequences().getFirst());
        }
        json.writeEndObject();
    }

    private void writeSequence(FrameSequence sequence) {
        json.writeArrayPropertyStart("leadTimes");
        for (int step = 0; step < sequence.length(); step++) {
            Map<String, @Nullable Object> leadTime =
                    new LinkedHashMap<>(ForecastJson.leadTime(document.leadTimes(), step));
            leadTime.put("statistics", new FrameStatistics(sequence, step).fields());
            json.writePOJO(leadTime);
        }
        json.writeEndArray();
        if (withValues) {
            json.writeArrayPropertyStart("values");
            for (int step = 0; step < sequence.length(); step++) {
                writeFrame(sequence, step);
            }
            json.writeEndArray();
        }
    }

    private void writeFrame(FrameSequence sequence, int step) {
        json.writeStartArray();
        for (int row = 0; row < sequence.grid().height(); row++) {
            json.writeStartArray();
            for (int column = 0; column < sequence.grid().width(); column++) {
                float value = sequence.value(step, row, column);
                if (Float.isFinite(value)) {
                    json.writeNumber(value);
                } else {
                    json.writeNull(); // JSON has no infinity either.
                }
            }
            json.writeEndArray();
        }
        json.writeEndArray();
    }
}
