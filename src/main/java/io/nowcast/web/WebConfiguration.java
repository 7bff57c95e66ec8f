package io.nowcast.web;

import io.nowcast.codec.FrameCodec;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class WebConfiguration {

    @Bean
    FrameCodec frameCodec(LimitProperties limits) {
        return new FrameCodec(limits.codecLimits());
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> valvesForTomcat() {
        return factory ->
                factory.addContextCustomizers(context -> {
                    context.getParent().getPipeline().addValve(new ProblemReportValve());
                    context.getParent().getPipeline().addValve(new ClientConnection.Valve());
                });
    }

    @Bean
    RequestBodyReader requestBodyReader(LimitProperties limits) {
        return new RequestBodyReader(limits.body().toBytes());
    }
}
