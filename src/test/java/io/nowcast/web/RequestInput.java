package io.nowcast.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.mock.web.MockHttpServletRequest;
import tools.jackson.databind.json.JsonMapper;

/** Lets the fuzzing targets in; refusals that become a problem of status 4xx return normally. */
public final class RequestInput {

    private static final JsonMapper JSON = InferenceRequestReader.mapper(16);

    private RequestInput() {}

    /**
     * A request of the Open Inference Protocol: the first four bytes are the hexadecimal length of
     * the JSON, as its header would tell; all is JSON where they are none.
     *
     * @return whether it was let in
     */
    public static boolean inference(byte[] body, long elementLimit) {
        @Nullable String header = null;
        byte[] sent = body;
        if (body.length > 4 && body[0] != '{') {
            try {
                String length = new String(body, 0, 4, StandardCharsets.ISO_8859_1);
                header = Integer.toString(Integer.parseInt(length, 16));
                sent = Arrays.copyOfRange(body, 4, body.length);
            } catch (NumberFormatException _) {
                header = null;
            }
        }
        try {
            InferenceRequestReader.read(sent, header, elementLimit, JSON, _ -> {})
                    .forecastParameters("radar-convgru");
            return true;
        } catch (BodyException | ParameterException refused) {
            return false;
        }
    }

    /**
     * A body with {@code Content-Encoding: gzip}.
     *
     * @return whether it was let in
     */
    public static boolean gzip(byte[] body, long expandedLimit) {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/forecast");
        request.addHeader("Content-Encoding", "gzip");
        request.setContent(body);
        try {
            new RequestBodyReader(expandedLimit, expandedLimit).read(request, _ -> {});
            return true;
        } catch (BodyException refused) {
            return false;
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
