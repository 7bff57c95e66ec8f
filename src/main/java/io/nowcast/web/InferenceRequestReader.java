package io.nowcast.web;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/* One reader reads one body, on one thread. */

/**
 * Reads the body of an inference request: JSON, with the tensor's numbers in it or, by the binary
 * tensor extension, behind it. See {@code
 * https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md}
 * and its {@code extension_binary_data.md}.
 */
final class InferenceRequestReader {

    /** Parameters of the protocol's extensions; the others are the forecast's. */
    private static final Set<String> PROTOCOL_PARAMETERS =
            Set.of("binary_data_output", "binary_data", "binary_data_size");

    private final byte[] body;
    private final int jsonLength;
    private final InferenceTensor tensor;
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private Optional<String> id = Optional.empty();
    private Optional<Boolean> binaryOutput = Optional.empty();
    private int inputs;

    private InferenceRequestReader(
            byte[] body, int jsonLength, long elementLimit, LongConsumer memory) {
        this.body = body;
        this.jsonLength = jsonLength;
        this.tensor =
                new InferenceTensor(elementLimit, bytes -> memory.accept(body.length + bytes));
    }

    /**
     * Reads a body.
     *
     * @param headerLength the header {@code Inference-Header-Content-Length}: where the JSON ends
     *     and binary data begin; the whole body is JSON where absent
     * @param elementLimit most numbers in JSON
     * @param json that knows how deep JSON may be nested
     * @param memory is told what the body and its tensor take together, before they do
     * @throws BodyException 400 if it is not an inference request of one tensor, 413 if it holds
     *     more numbers than the limit or is nested deeper
     */
    static InferenceRequest read(
            byte[] body,
            @Nullable String headerLength,
            long elementLimit,
            JsonMapper json,
            LongConsumer memory) {
        InferenceRequestReader reader =
                new InferenceRequestReader(
                        body, jsonLength(body, headerLength), elementLimit, memory);
        try (JsonParser parser = json.createParser(body, 0, reader.jsonLength)) {
            reader.readRequest(parser);
            if (parser.nextToken() != null) {
                throw malformed("the request goes on after the end of its JSON");
            }
        } catch (StreamConstraintsException problem) {
            throw new BodyException(
                    HttpStatus.CONTENT_TOO_LARGE,
                    "the JSON is beyond a limit (nowcast.limits.json-depth is that of nesting): "
                            + problem.getOriginalMessage());
        } catch (JacksonException problem) {
            throw malformed(
                    "the request is not JSON: %s, line %d, column %d"
                            .formatted(
                                    problem.getOriginalMessage(),
                                    problem.getLocation().getLineNr(),
                                    problem.getLocation().getColumnNr()));
        }
        return reader.finish();
    }

    /** Reads JSON that is nested no deeper than this. */
    static JsonMapper mapper(int depth) {
        return JsonMapper.builder(
                        JsonFactory.builder()
                                .streamReadConstraints(
                                        StreamReadConstraints.builder()
                                                .maxNestingDepth(depth)
                                                .build())
                                .build())
                .build();
    }

    private static int jsonLength(byte[] body, @Nullable String header) {
        if (header == null) {
            return body.length;
        }
        try {
            int length = Integer.parseInt(header.strip());
            if (length >= 0 && length <= body.length) {
                return length;
            }
        } catch (NumberFormatException _) {
            // Told below, like a length out of range.
        }
        throw malformed(
                "Inference-Header-Content-Length is '%s'; expected the length of the JSON, 0 to %d"
                        .formatted(header, body.length));
    }

    private void readRequest(JsonParser parser) {
        expect(parser.nextToken(), JsonToken.START_OBJECT, "the request");
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String member = parser.currentName();
            JsonToken token = parser.nextToken();
            switch (member) {
                case "id" -> id = Optional.of(string(parser, "id"));
                case "parameters" -> readParameters(parser, "the request");
                case "inputs" -> {
                    expect(token, JsonToken.START_ARRAY, "inputs");
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        readInput(parser);
                    }
                }
                case "outputs" -> {
                    expect(token, JsonToken.START_ARRAY, "outputs");
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        readOutput(parser);
                    }
                }
                default -> parser.skipChildren();
            }
        }
    }

    /** Parameters of the request are the forecast's; those of a tensor tell of its bytes. */
    private void readParameters(JsonParser parser, String where) {
        expect(parser.currentToken(), JsonToken.START_OBJECT, "parameters of " + where);
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (!token.isScalarValue()) {
                throw malformed(
                        "parameter '%s' of %s is not a string, number or boolean"
                                .formatted(name, where));
            }
            switch (name) {
                case "binary_data_size" -> tensor.setBinarySize(parser.getLongValue());
                case "binary_data_output", "binary_data" ->
                        binaryOutput = Optional.of(parser.getBooleanValue());
                default -> {
                    if (where.equals("the request") && !PROTOCOL_PARAMETERS.contains(name)) {
                        parameters.put(name, parser.getString());
                    }
                }
            }
        }
    }

    private void readInput(JsonParser parser) {
        expect(parser.currentToken(), JsonToken.START_OBJECT, "an input");
        inputs++;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String member = parser.currentName();
            JsonToken token = parser.nextToken();
            switch (member) {
                case "name" -> requireName(string(parser, "name"), InferenceRequest.INPUT, "input");
                case "datatype" -> tensor.setType(TensorType.named(string(parser, "datatype")));
                case "shape" -> {
                    expect(token, JsonToken.START_ARRAY, "shape");
                    tensor.setShape(readShape(parser));
                }
                case "parameters" -> readParameters(parser, "the input");
                case "data" -> {
                    expect(token, JsonToken.START_ARRAY, "data");
                    tensor.expectNumbers();
                    readNumbers(parser);
                }
                default -> parser.skipChildren();
            }
        }
    }

    private void readOutput(JsonParser parser) {
        expect(parser.currentToken(), JsonToken.START_OBJECT, "an output");
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String member = parser.currentName();
            parser.nextToken();
            switch (member) {
                case "name" ->
                        requireName(string(parser, "name"), InferenceAnswer.OUTPUT, "output");
                case "parameters" -> readParameters(parser, "the output");
                default -> parser.skipChildren();
            }
        }
    }

    private static void requireName(String name, String expected, String what) {
        if (!name.equals(expected)) {
            throw malformed("there is no %s '%s', only '%s'".formatted(what, name, expected));
        }
    }

    private static long[] readShape(JsonParser parser) {
        long[] sides = new long[8];
        int length = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(parser.currentToken(), JsonToken.VALUE_NUMBER_INT, "a side of shape");
            if (length == sides.length) {
                throw malformed("shape has more than %d sides".formatted(sides.length));
            }
            sides[length++] = parser.getLongValue();
        }
        return Arrays.copyOf(sides, length);
    }

    /** Numbers in row-major order, flat or nested; null is missing. */
    private void readNumbers(JsonParser parser) {
        int depth = 1;
        while (depth > 0) {
            switch (parser.nextToken()) {
                case START_ARRAY -> depth++;
                case END_ARRAY -> depth--;
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> tensor.add(parser.getDoubleValue());
                case VALUE_TRUE -> tensor.add(1);
                case VALUE_FALSE -> tensor.add(0);
                case VALUE_NULL -> tensor.add(Double.NaN);
                default ->
                        throw malformed(
                                "data holds '%s', expected numbers".formatted(parser.getString()));
            }
        }
    }

    private InferenceRequest finish() {
        if (inputs != 1) {
            throw malformed(
                    "expected one input, '%s', got %d".formatted(InferenceRequest.INPUT, inputs));
        }
        byte[] npy = tensor.npy(body, jsonLength);
        return new InferenceRequest(id, parameters, binaryOutput.orElse(false), npy);
    }

    /**
     * The parser would tell the name of any token, and leave the rest of an array to the caller.
     */
    private static String string(JsonParser parser, String what) {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw malformed("%s must be a string".formatted(what));
        }
        return parser.getString();
    }

    private static void expect(@Nullable JsonToken token, JsonToken expected, String what) {
        if (token != expected) {
            throw malformed(
                    "%s must be %s"
                            .formatted(
                                    what,
                                    expected == JsonToken.START_OBJECT ? "an object" : "an array"));
        }
    }

    static BodyException malformed(String message) {
        return new BodyException(HttpStatus.BAD_REQUEST, message);
    }
}
