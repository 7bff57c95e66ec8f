package io.nowcast;

import io.nowcast.cli.NowcastCommand;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Locale;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.context.TypeExcludeFilter;
import org.springframework.boot.micrometer.observation.autoconfigure.ScheduledTasksObservationAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.metrics.TomcatMetricsAutoConfiguration;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;

/**
 * Starts the precipitation-nowcasting service, or runs one of the jar's commands. Each feature is
 * put together by the {@code ...Configuration} of its package; only those are looked for, since
 * reading every class took a fifth of the context's start. What of Spring Boot's nothing here uses
 * is left out for the same reason.
 */
@SpringBootConfiguration
@EnableAutoConfiguration(
        exclude = {
            AopAutoConfiguration.class,
            ScheduledTasksObservationAutoConfiguration.class,
            TaskSchedulingAutoConfiguration.class,
            TomcatMetricsAutoConfiguration.class
        },
        // Deprecated, so that the compiler would warn of the class: a second Jackson for the
        // actuator.
        excludeName =
                "org.springframework.boot.actuate.autoconfigure.endpoint.jackson.Jackson2EndpointAutoConfiguration")
@ComponentScan(
        resourcePattern = "**/*Configuration.class",
        excludeFilters =
                @ComponentScan.Filter(type = FilterType.CUSTOM, classes = TypeExcludeFilter.class))
public class NowcastApplication {

    public static void main(String[] arguments) {
        // What is written is for programs too: names of files, headers, keys of tensors.
        Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
        if (NowcastCommand.isMeant(arguments)) {
            System.setProperty("logback.configurationFile", "logback-commands.xml");
            Charset charset = Charset.defaultCharset();
            System.exit(
                    NowcastCommand.run(
                            new PrintWriter(System.out, true, charset),
                            new PrintWriter(System.err, true, charset),
                            arguments));
        }
        OptimisingCompiler.giveWay();
        CarrierThreads.outnumberComputingRequests();
        SpringApplication.run(NowcastApplication.class, arguments);
    }
}
