package io.nowcast.deployment;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The script of the init container that downloads models, run as it is rendered. */
class ModelDownloadTest {

    private static final byte[] WEIGHTS = "weights of a model".getBytes(StandardCharsets.UTF_8);

    @TempDir private Path models;
    private @Nullable HttpServer server;

    @BeforeEach
    void serveAFile() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/curl")), "the script needs curl");
        HttpServer started =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        started.createContext(
                "/weights.pth",
                exchange -> {
                    exchange.sendResponseHeaders(200, WEIGHTS.length);
                    exchange.getResponseBody().write(WEIGHTS);
                    exchange.close();
                });
        started.start();
        server = started;
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.stop(0);
        }
    }

    private int download(String file, String digest) throws IOException, InterruptedException {
        int port = requireNonNull(server).getAddress().getPort();
        String prefix = "models.download[0].";
        JsonNode container =
                Chart.document(
                                Chart.documents(
                                        Chart.render(
                                                "defaults",
                                                prefix + "name=north",
                                                prefix + "files[0].path=weights.pth",
                                                prefix + "files[0].sha256=" + digest,
                                                "%sfiles[0].url=http://localhost:%d/%s"
                                                        .formatted(prefix, port, file))),
                                "Deployment",
                                "")
                        .at("/spec/template/spec/initContainers/0");
        Process process =
                new ProcessBuilder(
                                container.at("/command/0").asString(),
                                container.at("/command/1").asString(),
                                container.at("/args/0").asString())
                        .directory(models.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(models.resolve("log").toFile())
                        .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private static String digest() throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(WEIGHTS));
    }

    @Test
    void aFileOfTheRightDigestIsKept() throws Exception {
        assertThat(download("weights.pth", digest())).isZero();
        assertThat(models.resolve("north/weights.pth")).hasBinaryContent(WEIGHTS);
    }

    @Test
    void anotherDigestKeepsThePodFromStarting() throws Exception {
        assertThat(download("weights.pth", "0".repeat(64))).isNotZero();
    }

    @Test
    void aFileThatIsNotThereKeepsThePodFromStarting() throws Exception {
        assertThat(download("none.pth", digest())).isNotZero();
    }
}
