package io.nowcast.engine;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

@Configuration(proxyBeanMethods = false)
@Import(DjlModelLoader.class)
class EngineConfiguration {}
