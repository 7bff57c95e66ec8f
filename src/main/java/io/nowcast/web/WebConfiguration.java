package io.nowcast.web;

import io.nowcast.codec.FrameCodec;
import org.apache.catalina.Pipeline;
import org.apache.coyote.ContinueResponseTiming;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.validation.Validator;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({LimitProperties.class, ShutdownProperties.class})
@Import({
    AnswerPace.class,
    BusyAnswer.class,
    ClosingNotice.class,
    DecodingSlots.class,
    FallbackController.class,
    ForecastController.class,
    InferenceController.class,
    InferenceErrors.class,
    InferenceServerController.class,
    ModelChangesController.class,
    ModelsController.class,
    OpenApiDescription.class,
    PortClosing.class,
    ProblemDetails.class,
    RequestIdFilter.class
})
class WebConfiguration implements WebMvcConfigurer {

    /** None: nothing that comes is annotated for one, and making one takes a tenth of a start. */
    @Override
    public Validator getValidator() {
        return Validator.forInstanceOf(Void.class, (_, _) -> {});
    }

    @Bean
    FrameCodec frameCodec(LimitProperties limits) {
        return new FrameCodec(limits.codecLimits());
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> valvesForTomcat(
            ServerProperties server, LimitProperties limits, NanoClock clock) {
        requireOneRequestAtATime(server);
        long headerBytes = server.getMaxHttpRequestHeaderSize().toBytes();
        return factory ->
                factory.addContextCustomizers(context -> {
                    Pipeline pipeline = context.getParent().getPipeline();
                    // First, since it ends the answer: what is wrong must have been told by then.
                    pipeline.addValve(
                            new UploadRateValve(
                                    limits.uploadRate(), limits.uploadGrace(), clock::nanoTime));
                    pipeline.addValve(new ProblemReportValve(headerBytes));
                    pipeline.addValve(new ClientConnection.Valve());
                });
    }

    /**
     * Refuses HTTP/2. What bounds the pace of bodies and answers, tells that a client is gone and
     * ends connections without losing requests looks at connections, which its streams share.
     */
    private static void requireOneRequestAtATime(ServerProperties server) {
        if (server.getHttp2().isEnabled()) {
            throw new InvalidConfigurationPropertyValueException(
                    "server.http2.enabled",
                    true,
                    "Expected false: the limits of slow clients hold for HTTP/1.1 alone. Let a proxy speak HTTP/2.");
        }
    }

    /**
     * Has a client that sends {@code Expect: 100-continue} send its body once it was admitted, and
     * not at all where it is refused (RFC 9110, section 10.1.1). Tomcat would ask for the body
     * before anything has looked at the request.
     */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> bodiesOnceAdmitted() {
        return factory ->
                factory.addConnectorCustomizers(connector ->
                        connector.setProperty(
                                "continueResponseTiming",
                                ContinueResponseTiming.ON_REQUEST_BODY_READ.toString()));
    }

    @Bean
    NanoClock paceClock() {
        return System::nanoTime;
    }

    @Bean
    RequestBodyReader requestBodyReader(LimitProperties limits) {
        return new RequestBodyReader(limits.body().toBytes(), limits.expandedBytes());
    }
}
