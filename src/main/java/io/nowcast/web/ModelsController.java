package io.nowcast.web;

import io.nowcast.forecast.ForecastService;
import io.nowcast.forecast.ModelDescription;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What is served. */
@RestController
@RequestMapping(path = "/models", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "models", description = "What is served, and what each model takes and gives")
final class ModelsController {

    private final ForecastService forecasts;

    ModelsController(ForecastService forecasts) {
        this.forecasts = forecasts;
    }

    @GetMapping
    @Operation(
            operationId = "listModels",
            summary = "All models, and the model folders that are not served with the reason")
    Models list() {
        return new Models(forecasts.defaultModel(), forecasts.models(), forecasts.brokenModels());
    }

    @GetMapping("/{name}")
    @Operation(
            operationId = "getModel",
            summary = "One model: frames, grid, interval, encodings, digest")
    ModelDescription get(
            @Parameter(description = "Name of the model", example = "radar-convgru")
                    @PathVariable("name")
                    String name) {
        return forecasts.describe(Optional.of(name));
    }

    /**
     * All models.
     *
     * @param defaultModel the one that answers requests that name none
     * @param broken model folders that are not served, with the reason
     */
    record Models(String defaultModel, List<ModelDescription> models, Map<String, String> broken) {}
}
