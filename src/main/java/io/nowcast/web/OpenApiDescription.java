package io.nowcast.web;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.servers.Server;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts together what OpenAPI says of the HTTP contract beyond what the handlers' types tell. */
@Configuration(proxyBeanMethods = false)
class OpenApiDescription {

    @Bean
    OpenAPI nowcastOpenApi() {
        return new OpenAPI()
                .info(
                        new Info()
                                .title("Nowcast")
                                .version("1")
                                .description(
                                        "Precipitation nowcasts from trained recurrent networks")
                                .license(new License().name("Apache-2.0").identifier("Apache-2.0")))
                .servers(List.of(new Server().url("/").description("This service")));
    }

    @Bean
    OpenApiCustomizer forecastContract() {
        return api -> {
            describeSchemas(api);
            operation(api, "/forecast", PathItem::getPost, OpenApiDescription::describeForecast);
            operation(
                    api,
                    "/models",
                    PathItem::getGet,
                    list -> {
                        success(list, "What is served");
                        OpenApiAccess.require(list, "models:read");
                        OpenApiProblems.addAccess(list.getResponses(), "models:read", "/models");
                    });
            operation(
                    api,
                    "/models/{name}",
                    PathItem::getGet,
                    get -> {
                        success(get, "The model");
                        OpenApiAccess.require(get, "models:read");
                        OpenApiProblems.unknownModel(get.getResponses(), "/models/radar");
                        OpenApiProblems.addAccess(
                                get.getResponses(), "models:read", "/models/radar");
                    });
            for (String change : List.of("reload", "rollback")) {
                operation(
                        api,
                        "/admin/models/{name}/" + change,
                        PathItem::getPost,
                        post -> {
                            success(post, "The new generation serves");
                            OpenApiAccess.require(post, "admin");
                            OpenApiProblems.addToChange(
                                    post.getResponses(), "/admin/models/radar/" + change);
                        });
            }
            sort(api);
        };
    }

    /**
     * Sorts what comes in the order of discovery, and nothing else: of several media types
     * generated clients use the first, so their order is ours to choose.
     */
    private static void sort(OpenAPI api) {
        Paths paths = new Paths();
        new TreeMap<>(api.getPaths()).forEach(paths::addPathItem);
        api.setPaths(paths);
        api.getComponents().setSchemas(new TreeMap<>(api.getComponents().getSchemas()));
    }

    private static void describeSchemas(OpenAPI api) {
        Map<String, Schema<?>> schemas = new LinkedHashMap<>();
        api.getComponents().getSchemas().forEach(schemas::put);
        OpenApiModels.describe(schemas);
        api.getComponents().addSchemas(OpenApiProblems.SCHEMA, OpenApiProblems.schema());
        OpenApiAccess.addSchemes(api.getComponents());
    }

    private static void operation(
            OpenAPI api,
            String path,
            Function<PathItem, Operation> method,
            Consumer<Operation> description) {
        Optional.ofNullable(api.getPaths().get(path)).map(method).ifPresent(description);
    }

    private static void success(Operation operation, String description) {
        Optional.ofNullable(operation.getResponses().get("200"))
                .ifPresent(response -> response.setDescription(description));
    }

    private static void describeForecast(Operation forecast) {
        forecast.setParameters(OpenApiParameters.all());
        ApiResponses responses = new ApiResponses();
        responses.addApiResponse(
                "200", OpenApiProblems.withQuotas(OpenApiForecastAnswer.response()));
        OpenApiProblems.addToForecast(responses);
        OpenApiAccess.require(forecast, "forecast");
        forecast.setResponses(responses);
    }
}
