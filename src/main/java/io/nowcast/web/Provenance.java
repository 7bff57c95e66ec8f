package io.nowcast.web;

import io.nowcast.forecast.Forecast;
import jakarta.servlet.http.HttpServletResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * What a forecast was made of and by: enough to make it again. Told in JSON, in headers and in the
 * log.
 *
 * @param modelDigest SHA-256 of the weights
 * @param modelGeneration which of the loadings under the model's name
 * @param inputDigest SHA-256 of the body as it was sent
 * @param precision number format that the model computed in
 * @param device the device that computed it
 */
record Provenance(
        String model,
        String modelDigest,
        int modelGeneration,
        String inputDigest,
        String precision,
        String device) {

    private static final Logger LOG = LoggerFactory.getLogger(Provenance.class);

    static Provenance of(Forecast forecast, String inputDigest) {
        return new Provenance(
                forecast.model().name(),
                forecast.model().digest(),
                forecast.model().generation(),
                inputDigest,
                forecast.model().precision(),
                forecast.device());
    }

    /** As JSON answers begin. */
    Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("model", model);
        members.put("modelDigest", modelDigest);
        members.put("modelGeneration", modelGeneration);
        members.put("inputDigest", inputDigest);
        members.put("precision", precision);
        members.put("device", device);
        return members;
    }

    void setHeaders(HttpServletResponse response) {
        response.setHeader("Nowcast-Model", model);
        response.setHeader("Nowcast-Model-Digest", modelDigest);
        response.setHeader("Nowcast-Model-Generation", Integer.toString(modelGeneration));
        response.setHeader("Nowcast-Input-Digest", inputDigest);
        response.setHeader("Nowcast-Precision", precision);
        response.setHeader("Nowcast-Device", device);
    }

    /** One line, with pairs that a structured format writes as fields. */
    void log(Forecast forecast) {
        if (!LOG.isInfoEnabled()) {
            return;
        }
        Map<String, Object> pairs = members();
        pairs.put("sequences", forecast.sequences().size());
        pairs.put("grid", forecast.sequences().getFirst().grid().toString());
        pairs.put("steps", forecast.leadTimes().steps());
        pairs.put("queuedMillis", forecast.queued().toMillis());
        pairs.put("inferenceMillis", forecast.inference().toMillis());
        LoggingEventBuilder event = LOG.atInfo();
        for (Map.Entry<String, Object> pair : pairs.entrySet()) {
            event = event.addKeyValue(pair.getKey(), pair.getValue());
        }
        event.log(
                pairs.entrySet().stream()
                        .map(pair -> pair.getKey() + "=" + pair.getValue())
                        .collect(Collectors.joining(" ", "Forecast ", "")));
    }
}
