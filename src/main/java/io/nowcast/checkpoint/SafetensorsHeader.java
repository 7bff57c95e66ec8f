package io.nowcast.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Parses the JSON in front of a safetensors file: an object of {@code name: {dtype, shape,
 * data_offsets}} and an optional {@code __metadata__} of strings. Read token by token, nothing but
 * the entries is built; duplicate names are refused.
 */
final class SafetensorsHeader {

    private static final String METADATA = "__metadata__";

    /** A header of the longest kind has room for 1.8 million tensors without a value. */
    private static final int MOST_TENSORS = 100_000;

    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(4)
                                    .maxNumberLength(20)
                                    .build())
                    .build();

    private final JsonParser parser;

    private SafetensorsHeader(JsonParser parser) {
        this.parser = parser;
    }

    /**
     * @return the tensors in the order of the header
     * @throws CheckpointException if the header is not as described
     */
    static List<SafetensorsEntry> parse(byte[] header) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), header)) {
            return new SafetensorsHeader(parser).entries();
        } catch (JacksonException e) {
            throw new CheckpointException.Malformed(
                    "safetensors header: " + e.getOriginalMessage());
        }
    }

    private List<SafetensorsEntry> entries() {
        require(JsonToken.START_OBJECT);
        List<SafetensorsEntry> entries = new ArrayList<>();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            require(JsonToken.START_OBJECT);
            if (name.equals(METADATA)) {
                parser.skipChildren();
            } else {
                requireRoom(entries.size());
                entries.add(entry(name));
            }
        }
        if (parser.nextToken() != null) {
            throw malformed("expected nothing behind the object");
        }
        return entries;
    }

    private void requireRoom(int tensors) {
        if (tensors == MOST_TENSORS) {
            throw malformed("more than %d tensors: no network has as many".formatted(MOST_TENSORS));
        }
    }

    private SafetensorsEntry entry(String name) {
        @Nullable ElementType type = null;
        List<Long> shape = null;
        List<Long> offsets = null;
        for (String field = parser.nextName(); field != null; field = parser.nextName()) {
            switch (field) {
                case "dtype" -> type = type(name);
                case "shape" -> shape = integers();
                case "data_offsets" -> offsets = integers();
                default -> throw malformed("unknown field '%s' of '%s'".formatted(field, name));
            }
        }
        if (type == null || shape == null || offsets == null || offsets.size() != 2) {
            throw malformed("'%s' needs dtype, shape and two data_offsets".formatted(name));
        }
        return new SafetensorsEntry(name, type, shape, offsets.getFirst(), offsets.getLast());
    }

    private ElementType type(String name) {
        require(JsonToken.VALUE_STRING);
        String type = parser.getString();
        Optional<ElementType> known = ElementType.ofSafetensorsName(type);
        return known.orElseThrow(() ->
                new CheckpointException.Unsupported(
                        "safetensors: '%s' has the type %s, which is not read"
                                .formatted(name, type)));
    }

    private List<Long> integers() {
        require(JsonToken.START_ARRAY);
        List<Long> integers = new ArrayList<>();
        while (parser.nextToken() == JsonToken.VALUE_NUMBER_INT
                && integers.size() < TensorView.HIGHEST_RANK) {
            integers.add(parser.getLongValue());
        }
        if (parser.currentToken() != JsonToken.END_ARRAY) {
            throw malformed("expected at most %d integers".formatted(TensorView.HIGHEST_RANK));
        }
        return integers;
    }

    private void require(JsonToken expected) {
        JsonToken token = parser.nextToken();
        if (token != expected) {
            throw malformed("expected %s, got %s".formatted(expected, token));
        }
    }

    private CheckpointException.Malformed malformed(String what) {
        return new CheckpointException.Malformed(
                "safetensors header, byte %d: %s"
                        .formatted(parser.currentTokenLocation().getByteOffset(), what));
    }
}
