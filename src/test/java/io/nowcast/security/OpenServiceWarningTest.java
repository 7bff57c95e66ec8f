package io.nowcast.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;

/** When the log says that the service is open. */
@ExtendWith(OutputCaptureExtension.class)
class OpenServiceWarningTest {

    @ParameterizedTest
    @CsvSource({
        "NONE, , true",
        "NONE, 192.0.2.7, true",
        "NONE, 0.0.0.0, true",
        "NONE, 127.0.0.1, false",
        "NONE, ::1, false",
        "API_KEY, , false"
    })
    void comesWhereAnyoneIsServed(
            AccessMode mode, @Nullable String address, boolean warned, CapturedOutput output) {
        ServerProperties server = new ServerProperties();
        if (address != null) {
            server.setAddress(InetAddress.ofLiteral(address));
        }
        AccessProperties access =
                new AccessProperties(
                        mode,
                        new AccessProperties.Keys(Path.of("keys"), Duration.ofSeconds(1)),
                        new AccessProperties.Jwt(
                                Optional.empty(),
                                Optional.empty(),
                                null,
                                List.of(),
                                "sub",
                                List.of()),
                        new AccessProperties.Cors(List.of()),
                        true,
                        false,
                        false);

        new OpenServiceWarning(access, server).warn();

        assertThat(output.getAll().contains("nowcast.security.mode is none")).isEqualTo(warned);
    }
}
