package io.nowcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The contract as OpenAPI tells it, compared with the one that is committed. */
class OpenApiSnapshotTest extends ServiceTest {

    private static final Path SNAPSHOT = Path.of("docs", "openapi.json");
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private JsonNode document() {
        return service().get("/v3/api-docs").json();
    }

    @Test
    void isTheCommittedOne() throws IOException {
        String current =
                JSON.writeValueAsString(JSON.treeToValue(document(), Map.class))
                                .replace("\r\n", "\n")
                        + "\n";
        if (Boolean.getBoolean("openapi.write")) {
            Files.writeString(SNAPSHOT, current);
        }
        assertThat(Files.exists(SNAPSHOT) ? Files.readString(SNAPSHOT) : "")
                .as(
                        "docs/openapi.json is not what the service says; if the change is meant, run"
                                + " mvn test -Dtest=OpenApiSnapshotTest -Dopenapi.write=true and commit it")
                .isEqualTo(current);
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        JsonNode document = document();

        assertThat(document.get("openapi").asString()).startsWith("3.1");
        for (JsonNode reference : document.findValues("$ref")) {
            String pointer = reference.asString().substring(1);
            assertThat(document.at(pointer).isMissingNode()).as(pointer).isFalse();
        }
    }

    @Test
    void everySchemaHasATypeAndEveryParameterADescription() {
        List<String> gaps = new ArrayList<>();
        walk("", document(), gaps);
        assertThat(gaps).isEmpty();
    }

    private static void walk(String path, JsonNode node, List<String> gaps) {
        if (path.endsWith("/example")) {
            return;
        }
        boolean schema = path.endsWith("/schema") || path.matches(".*/(properties|schemas)/[^/]+");
        if (schema && !node.has("type") && !node.has("$ref")) {
            gaps.add(path + " has no type");
        }
        if (node.has("in") && !node.has("description")) {
            gaps.add(path + " has no description");
        }
        node.propertyNames().forEach(name -> walk(path + "/" + name, node.get(name), gaps));
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            walk(path + "/" + i, node.get(i), gaps);
        }
    }

    @Test
    void operationsAnswersAndProblemsAreComplete() {
        JsonNode paths = document().get("paths");
        JsonNode forecast = paths.get("/forecast").get("post");

        assertThat(paths.propertyNames())
                .containsExactlyInAnyOrder(
                        "/forecast",
                        "/models",
                        "/models/{name}",
                        "/admin/models/{name}/reload",
                        "/admin/models/{name}/rollback");
        assertThat(paths.findValuesAsString("operationId"))
                .containsExactlyInAnyOrder(
                        "forecast", "listModels", "getModel", "reloadModel", "rollbackModel");
        assertThat(forecast.get("requestBody").get("content").propertyNames())
                .containsExactlyInAnyOrder(
                        "application/x-npy",
                        "application/octet-stream",
                        "application/x-npz",
                        "application/zip",
                        "application/x-hdf5",
                        "application/x-netcdf",
                        "image/tiff",
                        "image/gif",
                        "image/x-portable-graymap",
                        "application/gzip",
                        "multipart/form-data");
        // Generated clients send the first type and are typed by the first answer.
        assertThat(forecast.get("requestBody").get("content").propertyNames())
                .first()
                .isEqualTo("application/octet-stream");
        assertThat(forecast.get("responses").get("200").get("content").propertyNames())
                .containsExactly(
                        "application/x-npy",
                        "application/x-npz",
                        "application/zip",
                        "application/x-netcdf",
                        "image/gif",
                        "image/png",
                        "text/csv",
                        "application/json");
        Set<String> statuses = new HashSet<>(forecast.get("responses").propertyNames());
        assertThat(statuses)
                .containsExactlyInAnyOrder(
                        "200", "400", "401", "403", "404", "406", "408", "413", "415", "422", "429",
                        "500", "503", "504");
        statuses.remove("200");
        for (String status : statuses) {
            JsonNode problem =
                    forecast.get("responses")
                            .get(status)
                            .get("content")
                            .get("application/problem+json");
            assertThat(problem.get("example").get("status").asString()).isEqualTo(status);
        }
    }

    /** The headers and the problem that are described are those that come. */
    @Test
    void whatIsDescribedIsWhatComes() {
        JsonNode document = document();
        Answer good =
                service()
                        .forecast(
                                "steps=1&time=2016-09-28T15:55:00Z",
                                EncodedEvent.sample().npy("u8"));
        Answer bad = service().forecast("steps=0", EncodedEvent.sample().npy("u8"));
        Answer json =
                service()
                        .forecast(
                                "steps=1&values=true&format=json&time=2016-09-28T15:55:00Z",
                                EncodedEvent.sample().npy("u8"));
        JsonNode success = document.at("/paths/~1forecast/post/responses/200");

        // TilesTest has answers with the first of these, QuotaTest with the others.
        Set<String> elsewhere = Set.of("Nowcast-Tiles", "RateLimit", "RateLimit-Policy");
        assertThat(success.get("headers").propertyNames())
                .containsAll(elsewhere)
                .filteredOn(name -> !elsewhere.contains(name))
                .allSatisfy(name -> assertThat(good.header(name)).as(name).isNotEmpty());
        assertThat(bad.json().propertyNames())
                .containsExactlyInAnyOrderElementsOf(
                        document.at("/components/schemas/ProblemDetail/properties")
                                .propertyNames());
        assertThat(success.at("/content/application~1json/schema/properties").propertyNames())
                .containsAll(json.json().propertyNames());
        assertThat(service().get("/models/radar-convgru").json().propertyNames())
                .containsExactlyInAnyOrderElementsOf(
                        document.at("/components/schemas/ModelDescription/properties")
                                .propertyNames());
    }
}
