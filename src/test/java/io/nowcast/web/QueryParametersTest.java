package io.nowcast.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryParametersTest {

    private static final Set<String> KNOWN = Set.of("a", "b");

    private static QueryParameters parse(String query) {
        return QueryParameters.parse(query, KNOWN);
    }

    @Test
    void absentParametersAreEmpty() {
        QueryParameters query = QueryParameters.parse(null, KNOWN);

        assertThat(query.text("a")).isEmpty();
        assertThat(query.integer("a")).isEmpty();
        assertThat(query.number("a")).isEmpty();
        assertThat(parse("").instant("b")).isEmpty();
    }

    @Test
    void valuesAreTyped() {
        assertThat(parse("a=12").integer("a")).contains(12);
        assertThat(parse("a=-0.5e1").number("a")).hasValue(-5);
        assertThat(parse("a=true").flag("a")).contains(true);
        assertThat(parse("a=PT5M&b=x").duration("a")).contains(Duration.ofMinutes(5));
    }

    @Test
    void percentEncodingIsUndoneAndPlusIsAPlus() {
        Instant expected = Instant.parse("2016-09-28T13:55:00Z");

        assertThat(parse("a=mm%2Fh").text("a")).contains("mm/h");
        assertThat(parse("a=mm/h").text("a")).contains("mm/h");
        assertThat(parse("a=2016-09-28T15:55:00+02:00").instant("a")).contains(expected);
        assertThat(parse("a=2016-09-28T15:55:00%2B02:00").instant("a")).contains(expected);
        assertThat(parse("a=2016-09-28T15:55:00.000000%2B0200").instant("a")).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"c=1", "A=1", "a=1&a=1", "a=1&b=2&c=3"})
    void unknownOrDoubleParametersAreRefused(String query) {
        assertThatThrownBy(() -> parse(query)).isInstanceOf(ParameterException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a=", "a=%zz"})
    void valuesThatCannotBeReadAreRefused(String query) {
        assertThatThrownBy(() -> parse(query).text("a"))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("'a'");
    }

    @Test
    void thereIsNoThirtiethOfFebruary() {
        assertThatThrownBy(() -> parse("a=2016-02-30T00:00:00Z").instant("a"))
                .isInstanceOf(ParameterException.class);
        assertThat(parse("a=2016-02-29T00:00:00Z").instant("a"))
                .contains(Instant.parse("2016-02-29T00:00:00Z"));
    }

    /** Three in Arabic-Indic digits, and one of more digits than an int has. */
    @ParameterizedTest
    @ValueSource(strings = {"a=%D9%A3", "a=00000000003", "a=2147483648", "a=3.0"})
    void integersAreWrittenInTheirOneWay(String query) {
        assertThatThrownBy(() -> parse(query).integer("a"))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("an integer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=Infinity", "a=NaN", "a=1e999", "a=x", "a=0x1p3", "a=1d"})
    void numbersAreFinite(String query) {
        assertThatThrownBy(() -> parse(query).number("a"))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("finite");
    }
}
