package io.nowcast.web;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/*
 * One reader reads one body, on one thread. The members of a tensor come in any order, so its numbers are collected
 * before their type and shape are known; they are collected as primitives, since a body may hold millions of them.
 */

/**
 * Reads the body of an inference request: JSON, with the tensor's numbers in it or, by the binary
 * tensor extension, behind it. See {@code
 * https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md}
 * and its {@code extension_binary_data.md}.
 */
final class InferenceRequestReader {

    private static final JsonMapper JSON = new JsonMapper();

    /** Parameters of the protocol's extensions; the others are the forecast's. */
    private static final Set<String> PROTOCOL_PARAMETERS =
            Set.of("binary_data_output", "binary_data", "binary_data_size");

    private final byte[] body;
    private final int jsonLength;
    private final long elementLimit;
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private Optional<String> id = Optional.empty();
    private Optional<Boolean> binaryOutput = Optional.empty();
    private int inputs;

    private @Nullable String tensorType;
    private long @Nullable [] shape;
    private OptionalLong binarySize = OptionalLong.empty();
    private double[] numbers = new double[1024];
    private int count;
    private boolean hasData;

    private InferenceRequestReader(byte[] body, int jsonLength, long elementLimit) {
        this.body = body;
        this.jsonLength = jsonLength;
        this.elementLimit = elementLimit;
    }

    /**
     * Reads a body.
     *
     * @param headerLength the header {@code Inference-Header-Content-Length}: where the JSON ends
     *     and binary data begin; the whole body is JSON where absent
     * @param elementLimit most numbers in JSON
     * @throws BodyException 400 if it is not an inference request of one tensor, 413 if it holds
     *     more numbers than the limit
     */
    static InferenceRequest read(byte[] body, @Nullable String headerLength, long elementLimit) {
        InferenceRequestReader reader =
                new InferenceRequestReader(body, jsonLength(body, headerLength), elementLimit);
        try (JsonParser parser = JSON.createParser(body, 0, reader.jsonLength)) {
            reader.readRequest(parser);
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
                case "id" -> id = Optional.of(parser.getString());
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
                case "binary_data_size" -> binarySize = OptionalLong.of(parser.getLongValue());
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
                case "name" -> requireName(parser.getString(), InferenceRequest.INPUT, "input");
                case "datatype" -> tensorType = parser.getString();
                case "shape" -> {
                    expect(token, JsonToken.START_ARRAY, "shape");
                    shape = readShape(parser);
                }
                case "parameters" -> readParameters(parser, "the input");
                case "data" -> {
                    expect(token, JsonToken.START_ARRAY, "data");
                    hasData = true;
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
                case "name" -> requireName(parser.getString(), InferenceAnswer.OUTPUT, "output");
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
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> add(parser.getDoubleValue());
                case VALUE_TRUE -> add(1);
                case VALUE_FALSE -> add(0);
                case VALUE_NULL -> add(Double.NaN);
                default ->
                        throw malformed(
                                "data holds '%s', expected numbers".formatted(parser.getString()));
            }
        }
    }

    private void add(double number) {
        if (count == elementLimit) {
            throw new BodyException(
                    HttpStatus.CONTENT_TOO_LARGE,
                    "data holds more than %d numbers (nowcast.limits.expanded)"
                            .formatted(elementLimit));
        }
        if (count == numbers.length) {
            numbers = Arrays.copyOf(numbers, (int) Math.min(2L * count, elementLimit));
        }
        numbers[count++] = number;
    }

    private InferenceRequest finish() {
        if (inputs != 1 || tensorType == null || shape == null) {
            throw malformed(
                    "expected one input with name '%s', datatype and shape, got %d inputs"
                            .formatted(InferenceRequest.INPUT, inputs));
        }
        if (hasData == binarySize.isPresent()) {
            throw malformed(
                    "the input needs either data or the parameter binary_data_size, with its bytes behind the JSON");
        }
        TensorType type = TensorType.named(tensorType);
        long elements = InferenceRequest.elements(shape);
        byte[] npy = hasData ? fromJson(type, shape, elements) : fromBytes(type, shape, elements);
        return new InferenceRequest(id, parameters, binaryOutput.orElse(false), npy);
    }

    private byte[] fromJson(TensorType type, long[] sides, long elements) {
        if (elements != count) {
            throw malformed(
                    "shape %s has %d elements, data has %d"
                            .formatted(Arrays.toString(sides), elements, count));
        }
        long bytes = (long) count * type.bytes();
        if (bytes > Integer.MAX_VALUE / 2) {
            throw new BodyException(
                    HttpStatus.CONTENT_TOO_LARGE, "data holds %d bytes".formatted(bytes));
        }
        byte[] npy = InferenceRequest.npy(type, sides, (int) bytes);
        ByteBuffer values =
                ByteBuffer.wrap(npy)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .position(npy.length - (int) bytes);
        for (int index = 0; index < count; index++) {
            if (!type.holds(numbers[index])) {
                throw malformed(
                        "element %d of data is %s, which %s cannot hold"
                                .formatted(index, numbers[index], type));
            }
            type.put(values, numbers[index]);
        }
        return npy;
    }

    private byte[] fromBytes(TensorType type, long[] sides, long elements) {
        int found = body.length - jsonLength;
        long size = binarySize.orElse(-1);
        boolean fits = elements <= Integer.MAX_VALUE && size == elements * type.bytes();
        if (!fits || size != found) {
            throw malformed(
                    "shape %s of %s has %d elements of %d bytes, binary_data_size is %d, %d bytes follow the JSON"
                            .formatted(
                                    Arrays.toString(sides),
                                    type,
                                    elements,
                                    type.bytes(),
                                    size,
                                    found));
        }
        byte[] npy = InferenceRequest.npy(type, sides, found);
        System.arraycopy(body, jsonLength, npy, npy.length - found, found);
        return npy;
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

    private static BodyException malformed(String message) {
        return new BodyException(HttpStatus.BAD_REQUEST, message);
    }
}
