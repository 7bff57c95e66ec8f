package io.nowcast.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.nowcast.codec.FrameFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class FrameMediaTypesTest {

    private static List<String> named() {
        String message =
                String.valueOf(
                        catchThrowable(() -> FrameMediaTypes.declared("text/plain")).getMessage());
        String list = message.substring(message.indexOf("come as ") + 8, message.indexOf(" (curl"));
        return Arrays.asList(list.split(", | or ", -1));
    }

    /** Who is refused learns of everything that the description of the service promises. */
    @Test
    void theRefusalNamesEveryMediaTypeThatIsTaken() throws IOException {
        JsonNode described =
                JsonMapper.shared()
                        .readTree(Files.readString(Path.of("docs", "openapi.json")))
                        .at("/paths/~1forecast/post/requestBody/content");

        assertThat(described.size()).isGreaterThan(9);
        assertThat(named()).doesNotHaveDuplicates().containsAll(described.propertyNames());
        // Parts are read by another handler.
        assertThat(named().stream().filter(type -> !type.equals("multipart/form-data")))
                .allSatisfy(type ->
                        assertThatCode(() -> FrameMediaTypes.declared(type))
                                .doesNotThrowAnyException());
    }

    @ParameterizedTest
    @CsvSource({
        "application/npy,NPY",
        "Application/X-NPZ; version=1,NPZ",
        "application/x-zip-compressed,PNG_STACK"
    })
    void aMediaTypeDeclaresAFormat(String type, FrameFormat format) {
        assertThat(FrameMediaTypes.declared(type)).contains(format);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/octet-stream", "image/tiff", "application/x-hdf"})
    void theFirstBytesTellTheRest(String type) {
        assertThat(FrameMediaTypes.declared(type)).isEmpty();
        assertThat(FrameMediaTypes.declared(null)).isEmpty();
    }

    @Test
    void whatIsNoMediaTypeIsRefused() {
        assertThatThrownBy(() -> FrameMediaTypes.declared("nonsense"))
                .isInstanceOf(BodyException.class)
                .hasMessageStartingWith("Content-Type is 'nonsense'");
    }
}
