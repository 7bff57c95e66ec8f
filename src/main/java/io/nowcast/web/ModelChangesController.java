package io.nowcast.web;

import io.nowcast.reload.ModelChange;
import io.nowcast.reload.ModelChanges;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Changes of models on request. */
@RestController
@RequestMapping(path = "/admin/models/{name}", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "admin", description = "Other files under the name of a model, without a restart")
final class ModelChangesController {

    private final ModelChanges changes;

    ModelChangesController(ModelChanges changes) {
        this.changes = changes;
    }

    @PostMapping("/reload")
    @Operation(
            operationId = "reloadModel",
            summary = "Serve a model as its folder is now",
            description = OpenApiTexts.RELOAD)
    ModelChange reload(
            @Parameter(description = "Name of the model's folder", example = "radar-convgru")
                    @PathVariable("name")
                    String name) {
        return changes.reload(name);
    }

    @PostMapping("/rollback")
    @Operation(
            operationId = "rollbackModel",
            summary = "Serve the files of the generation before the present one",
            description = OpenApiTexts.ROLLBACK)
    ModelChange rollback(
            @Parameter(description = "Name of the model", example = "radar-convgru")
                    @PathVariable("name")
                    String name) {
        return changes.rollback(name);
    }
}
