package io.nowcast.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.nowcast.forecast.ForecastService;
import io.nowcast.forecast.ModelDescription;
import io.swagger.v3.oas.annotations.Hidden;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.info.BuildProperties;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the Open Inference Protocol, version 2, asks of a server beside inference. */
@Hidden
@RestController
@RequestMapping("/v2")
final class InferenceServerController {

    private static final long ANY = -1;

    private final ForecastService forecasts;
    private final ApplicationAvailability availability;
    private final String serverVersion;

    InferenceServerController(
            ForecastService forecasts,
            ApplicationAvailability availability,
            ObjectProvider<BuildProperties> build) {
        this.forecasts = forecasts;
        this.availability = availability;
        this.serverVersion =
                build.stream().map(BuildProperties::getVersion).findFirst().orElse("unknown");
    }

    @GetMapping
    Server server() {
        return new Server("nowcast", serverVersion, List.of("binary_tensor_data"));
    }

    @GetMapping("/health/live")
    ResponseEntity<Live> live() {
        boolean live = availability.getLivenessState() == LivenessState.CORRECT;
        return ResponseEntity.status(status(live)).body(new Live(live));
    }

    /** Ready to take requests: since the port opens after the warm-up, until the drain. */
    @GetMapping("/health/ready")
    ResponseEntity<Ready> ready() {
        boolean ready = availability.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC;
        return ResponseEntity.status(status(ready)).body(new Ready(ready));
    }

    private static HttpStatus status(boolean well) {
        return well ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE;
    }

    @GetMapping({"/models/{model}", "/models/{model}/versions/{version}"})
    Model model(
            @PathVariable("model") String name,
            @PathVariable(name = "version", required = false) Optional<String> version) {
        InferenceController.requireVersion(version);
        ModelDescription model = forecasts.describe(Optional.of(name));
        return new Model(
                model.name(),
                List.of(InferenceController.VERSION),
                "pytorch_torchscript",
                List.of(
                        new Tensor(
                                InferenceRequest.INPUT,
                                TensorType.FP32.name(),
                                List.of(ANY, (long) model.inputFrames(), 1L, ANY, ANY))),
                List.of(
                        new Tensor(
                                InferenceAnswer.OUTPUT,
                                TensorType.FP32.name(),
                                List.of(ANY, (long) model.outputFrames(), ANY, ANY))));
    }

    @GetMapping({"/models/{model}/ready", "/models/{model}/versions/{version}/ready"})
    ResponseEntity<ModelReady> modelReady(
            @PathVariable("model") String name,
            @PathVariable(name = "version", required = false) Optional<String> version) {
        InferenceController.requireVersion(version);
        ModelDescription model = forecasts.describe(Optional.of(name));
        boolean ready = availability.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC;
        return ResponseEntity.status(status(ready)).body(new ModelReady(model.name(), ready));
    }

    record Server(String name, String version, List<String> extensions) {}

    record Live(boolean live) {}

    record Ready(boolean ready) {}

    record ModelReady(String name, boolean ready) {}

    record Model(
            String name,
            List<String> versions,
            String platform,
            List<Tensor> inputs,
            List<Tensor> outputs) {}

    /**
     * What goes in or comes out.
     *
     * @param shape sides, -1 for any
     */
    record Tensor(String name, @JsonProperty("datatype") String type, List<Long> shape) {}
}
