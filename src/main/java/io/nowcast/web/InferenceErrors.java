package io.nowcast.web;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

/** Writes problems below {@code /v2} as the Open Inference Protocol has them: one {@code error}. */
@RestControllerAdvice
final class InferenceErrors implements ResponseBodyAdvice<Object> {

    @Override
    public boolean supports(
            MethodParameter method, Class<? extends HttpMessageConverter<?>> converter) {
        return true;
    }

    @Override
    public @Nullable Object beforeBodyWrite(
            @Nullable Object body,
            MethodParameter method,
            MediaType contentType,
            Class<? extends HttpMessageConverter<?>> converter,
            ServerHttpRequest request,
            ServerHttpResponse response) {
        if (body instanceof ProblemDetail problem
                && (request.getURI().getPath() + "/").startsWith("/v2/")) {
            response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
            return error(problem.getDetail());
        }
        return body;
    }

    /** What the protocol has for any failure. */
    static Map<String, String> error(@Nullable String detail) {
        return Map.of("error", String.valueOf(detail));
    }
}
