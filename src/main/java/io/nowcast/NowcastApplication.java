package io.nowcast;

import io.nowcast.cli.NowcastCommand;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts the precipitation-nowcasting service, or runs one of the jar's commands. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class NowcastApplication {

    public static void main(String[] arguments) {
        if (NowcastCommand.isMeant(arguments)) {
            System.setProperty("logback.configurationFile", "logback-commands.xml");
            Charset charset = Charset.defaultCharset();
            System.exit(
                    NowcastCommand.run(
                            new PrintWriter(System.out, true, charset),
                            new PrintWriter(System.err, true, charset),
                            arguments));
        }
        SpringApplication.run(NowcastApplication.class, arguments);
    }
}
