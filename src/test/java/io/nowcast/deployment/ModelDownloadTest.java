package io.nowcast.deployment;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
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
        HttpHandler file =
                exchange -> {
                    exchange.sendResponseHeaders(200, WEIGHTS.length);
                    exchange.getResponseBody().write(WEIGHTS);
                    exchange.close();
                };
        started.createContext("/weights.pth", file);
        started.createContext("/guarded.pth", file)
                .setAuthenticator(
                        new BasicAuthenticator("models") {
                            @Override
                            public boolean checkCredentials(String user, String password) {
                                return user.equals("nowcast") && password.equals("rain");
                            }
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

    private int download(String file, String digest, String... settings)
            throws IOException, InterruptedException {
        int port = requireNonNull(server).getAddress().getPort();
        String prefix = "models.download[0].";
        List<String> all = new ArrayList<>(List.of(settings));
        all.add(prefix + "name=north");
        all.add(prefix + "files[0].path=weights.pth");
        all.add(prefix + "files[0].sha256=" + digest);
        all.add("%sfiles[0].url=http://localhost:%d/%s".formatted(prefix, port, file));
        JsonNode container =
                Chart.document(
                                Chart.documents(
                                        Chart.render("defaults", all.toArray(String[]::new))),
                                "Deployment",
                                "")
                        .at("/spec/template/spec/initContainers/0");
        ProcessBuilder script =
                new ProcessBuilder(
                                container.at("/command/0").asString(),
                                container.at("/command/1").asString(),
                                container.at("/args/0").asString())
                        .directory(models.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(models.resolve("log").toFile());
        for (JsonNode variable : container.at("/env")) {
            // Where the Secret is mounted in the pod, the test has a file.
            script.environment()
                    .put(
                            variable.at("/name").asString(),
                            variable.at("/value")
                                    .asString()
                                    .replace("/credentials", models.toString()));
        }
        Process process = script.start();
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
    void aServerThatAsksForCredentialsGetsThoseOfTheSecret() throws Exception {
        Files.writeString(
                models.resolve("netrc"), "machine localhost login nowcast password rain\n");

        assertThat(download("guarded.pth", digest())).isNotZero();
        assertThat(download("guarded.pth", digest(), "models.downloadSecret=model-store")).isZero();
        assertThat(models.resolve("north/weights.pth")).hasBinaryContent(WEIGHTS);
    }

    @Test
    void aFileThatIsNotThereKeepsThePodFromStarting() throws Exception {
        assertThat(download("none.pth", digest())).isNotZero();
    }
}
