package io.nowcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.nowcast.testing.NumpyFile;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What operators and clients ask for beside forecasts: health, meters, models. */
class OperationsTest extends ServiceTest {

    @Test
    void livenessAndReadiness() {
        Answer liveness = service().get("/actuator/health/liveness");
        Answer readiness = service().get("/actuator/health/readiness");

        assertThat(liveness.status()).isEqualTo(200);
        assertThat(readiness.status()).isEqualTo(200);
        assertThat(readiness.json().get("status").asString()).isEqualTo("UP");
        JsonNode workers = readiness.json().get("components").get("workers");
        assertThat(workers.get("details").get("radar-convgru@cpu").asString()).isEqualTo("serving");
    }

    @Test
    void metersOfAForecast() {
        service().forecast("steps=1", EncodedEvent.sample().npy("u8")).array();
        service().forecast("steps=0", EncodedEvent.sample().npy("u8"));

        String meters = service().get("/actuator/prometheus").text();

        for (String stage : new String[] {"decode", "queue", "inference", "encode"}) {
            assertThat(meters)
                    .contains(
                            "nowcast_forecast_stage_seconds_count{device=\"cpu\",model=\"radar-convgru\",stage=\"%s\"}"
                                    .formatted(stage));
        }
        assertThat(meters)
                .contains(
                        "nowcast_forecast_request_seconds_count{device=\"cpu\",model=\"radar-convgru\",outcome=\"success\"}",
                        "nowcast_forecast_request_seconds_count{device=\"none\",model=\"radar-convgru\",outcome=\"failed\"}",
                        "nowcast_forecast_request_seconds_bucket{",
                        "nowcast_frames_received_total{model=\"radar-convgru\"}",
                        "nowcast_frames_forecast_total{model=\"radar-convgru\"}",
                        "nowcast_bytes_received_total{model=\"radar-convgru\"}",
                        "nowcast_queue_depth{model=\"radar-convgru\"}",
                        "nowcast_queue_bytes{model=\"radar-convgru\"}",
                        "nowcast_predictions_running{model=\"radar-convgru\"}",
                        "nowcast_requests_inflight 0",
                        "nowcast_worker_serving{device=\"cpu\",model=\"radar-convgru\"} 1");
    }

    private double meter(String name) {
        return service()
                .get("/actuator/prometheus")
                .text()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .sum();
    }

    @Test
    void bytesAreCountedAsTheyCame() {
        String name = "nowcast_bytes_received_total{model=\"radar-convgru\"}";
        Body body = EncodedEvent.sample().npy("u8");
        double before = meter(name);

        assertThat(service().forecastChunked(body).status()).isEqualTo(200);
        assertThat(meter(name) - before).isEqualTo(body.bytes().length);
    }

    /** What can be known to be in vain takes no device's time. */
    @Test
    void anAnswerThatCannotBeWrittenIsNotComputed() {
        String calls = "nowcast_batch_size_count{device=\"cpu\",model=\"radar-convgru\"}";
        Body frames = EncodedEvent.sample().npy("u8");
        Body images = Body.multipart("frames", EncodedEvent.sample().images("png8"));
        Body batch = Body.npy(NumpyFile.of(new float[2 * 5 * 64 * 64], 2, 5, 1, 64, 64).bytes());
        Body placed = Body.multipart("frames", EncodedEvent.sample().images("odim"));
        double before = meter(calls);

        assertRefused("steps=1&format=gif", batch);
        assertRefused("steps=1&at=24.9,60.1", frames);
        assertRefused("steps=1&at=24.9,60.1&format=npy", frames);
        assertRefused("steps=1&product=accumulation&format=png", images);
        assertRefused("steps=4&product=accumulation:PT15M", frames);
        assertRefused("product=accumulation:PT7M", frames);
        assertRefused("steps=1&at=0,0", placed);
        assertRefused("steps=1&box=0,0,1,1", placed);
        assertThat(meter(calls)).isEqualTo(before);
    }

    private void assertRefused(String query, Body body) {
        assertThat(service().forecast(query, body).status()).as(query).isEqualTo(422);
    }

    @Test
    void modelsAreDescribed() {
        JsonNode models = service().get("/models").json();
        JsonNode model = service().get("/models/radar-convgru").json();

        assertThat(models.get("defaultModel").asString()).isEqualTo("radar-convgru");
        assertThat(models.get("models").get(0)).isEqualTo(model);
        assertThat(models.get("broken").isEmpty()).isTrue();
        assertThat(model.get("inputFrames").asInt()).isEqualTo(5);
        assertThat(model.get("maximumSteps").asInt()).isEqualTo(24);
        assertThat(model.get("interval").asString()).isEqualTo("PT5M");
        assertThat(model.get("gridMultiple").asInt()).isPositive();
        assertThat(model.get("parameters").asLong()).isPositive();
        assertThat(model.get("digest").asString()).matches("[0-9a-f]{64}");
        assertThat(model.get("encodings").get("eightBit").get("fillValue").asInt()).isEqualTo(255);
        assertThat(model.get("devices").get(0).asString()).isEqualTo("cpu");
    }
}
