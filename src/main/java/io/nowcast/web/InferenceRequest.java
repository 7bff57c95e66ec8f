package io.nowcast.web;

import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;

/**
 * An inference request of the Open Inference Protocol, version 2. Its one tensor is handed on as
 * the NPY body that it would be at {@code POST /forecast}, so that both go through one decoder, its
 * limits and its rules.
 */
final class InferenceRequest {

    /** The name of the tensor that goes in. */
    static final String INPUT = "frames";

    /** Parameters of {@code POST /forecast} that tell of an answer which is not one tensor. */
    private static final Set<String> OTHER_ANSWERS =
            Set.of("format", "values", "product", "at", "box", "polygon");

    private static final int NPY_ALIGNMENT = 64;
    private static final int NPY_PREAMBLE = 10;

    private final Optional<String> id;
    private final Map<String, String> parameters;
    private final boolean binaryAnswer;
    private final byte[] npy;

    InferenceRequest(
            Optional<String> id, Map<String, String> parameters, boolean binaryAnswer, byte[] npy) {
        this.id = id;
        this.parameters = new LinkedHashMap<>(parameters);
        this.binaryAnswer = binaryAnswer;
        this.npy = npy;
    }

    /** What the client calls the request. */
    Optional<String> id() {
        return id;
    }

    /** Whether the answer's tensor is to follow the JSON in binary. */
    boolean binaryAnswer() {
        return binaryAnswer;
    }

    /** The frames as an NPY file. */
    byte[] npy() {
        return npy;
    }

    /**
     * The request's parameters, which are named and written as the query of {@code POST /forecast};
     * those that ask for something else than a tensor of frames are refused.
     *
     * @throws ParameterException naming the one that cannot be used
     */
    ForecastParameters forecastParameters(String model) {
        parameters.keySet().stream()
                .filter(OTHER_ANSWERS::contains)
                .findFirst()
                .ifPresent(name -> {
                    throw new ParameterException(
                            "parameter '%s' is one of POST /forecast; the answer here is one tensor of frames"
                                    .formatted(name));
                });
        Map<String, String> all = new LinkedHashMap<>(parameters);
        all.put("model", model);
        return ForecastParameters.of(
                all.entrySet().stream()
                        .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
                        .collect(Collectors.joining("&")));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** An NPY file, format 1.0, whose last {@code dataBytes} are left for the tensor's values. */
    static byte[] npy(TensorType type, long[] shape, int dataBytes) {
        StringBuilder sides = new StringBuilder();
        for (long side : shape) {
            sides.append(side).append(',');
        }
        String header =
                "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }"
                        .formatted(type.dtype(), sides);
        int padded =
                Math.ceilDiv(NPY_PREAMBLE + header.length() + 1, NPY_ALIGNMENT) * NPY_ALIGNMENT;
        byte[] bytes = new byte[padded + dataBytes];
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        file.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
        file.put((byte) 1).put((byte) 0).putShort((short) (padded - NPY_PREAMBLE));
        file.put(header.getBytes(StandardCharsets.US_ASCII));
        while (file.position() < padded - 1) {
            file.put((byte) ' ');
        }
        file.put((byte) '\n');
        return bytes;
    }

    /**
     * The number of elements of a shape.
     *
     * @throws BodyException 400 if a side is negative or the product leaves {@code long}
     */
    static long elements(long[] shape) {
        long elements = 1;
        for (long side : shape) {
            if (side < 0 || (side > 0 && elements > Long.MAX_VALUE / side)) {
                throw new BodyException(
                        HttpStatus.BAD_REQUEST,
                        "shape has a side of %d; expected sides whose product is a number of elements"
                                .formatted(side));
            }
            elements *= side;
        }
        return elements;
    }
}
