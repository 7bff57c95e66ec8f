package io.nowcast;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts the precipitation-nowcasting service. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class NowcastApplication {

    public static void main(String[] arguments) {
        SpringApplication.run(NowcastApplication.class, arguments);
    }
}
