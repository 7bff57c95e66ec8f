package io.nowcast.worker;

import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Where models run.
 *
 * @param devices {@code auto} (every CUDA device, else the CPU), or names such as {@code cpu} or
 *     {@code cuda:0,cuda:1}
 * @param load how long a model may take to be loaded and warm
 * @param drain how long a shutdown waits for predictions that were accepted
 */
@Validated
@ConfigurationProperties("nowcast")
public record WorkerProperties(
        @DefaultValue("auto") @NotBlank String devices,
        @DefaultValue("5m") Duration load,
        @DefaultValue("20s") Duration drain) {}
