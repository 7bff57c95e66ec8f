package io.nowcast.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nowcast.codec.FrameFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpStatus;

class AnswerFormatTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    application/x-npy                               | NPY
                    APPLICATION/JSON; charset=utf-8                 | JSON
                    application/zip, application/x-npz;q=0.9        | PNG_STACK
                    application/json;q=0.1, application/x-npz;q=0.9 | NPZ
                    application/json;q=0, application/zip;q=0.1     | PNG_STACK
                    text/html, application/json                     | JSON
                    application/octet-stream                        | NPY
                    """)
    void theBestThatIsThere(String accept, FrameFormat expected) {
        assertThat(AnswerFormat.of(Optional.empty(), accept)).contains(expected);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "*/*", "application/*", "text/html, */*;q=0.1"})
    void anythingWillDo(String accept) {
        assertThat(AnswerFormat.of(Optional.empty(), accept)).isEmpty();
    }

    @Test
    void theParameterOverridesTheHeader() {
        assertThat(AnswerFormat.of(Optional.of(FrameFormat.JSON), "image/gif"))
                .contains(FrameFormat.JSON);
    }

    /** More than Spring sorts. */
    @Test
    void aVeryLongListIsRefused() {
        String accept = "application/json, ".repeat(50) + "application/json";
        assertThatThrownBy(() -> AnswerFormat.of(Optional.empty(), accept))
                .isInstanceOf(BodyException.class)
                .hasMessageContaining("Accept");
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/jpeg", "application/json;q=0", "nonsense", "audio/*", "a/b;q=2"})
    void nothingThatIsThere(String accept) {
        assertThatThrownBy(() -> AnswerFormat.of(Optional.empty(), accept))
                .isInstanceOfSatisfying(
                        BodyException.class,
                        problem ->
                                assertThat(problem.status()).isEqualTo(HttpStatus.NOT_ACCEPTABLE));
    }
}
