package io.nowcast.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nowcast.deployment.Chart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/**
 * A service that speaks TLS with clients that have a certificate, and gets a new one of its own.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "nowcast.devices=cpu",
            "server.ssl.bundle=service",
            "server.ssl.client-auth=need",
            "management.server.port=0",
            "management.server.ssl.enabled=false",
            "spring.ssl.bundle.pem.service.reload-on-update=true",
            "spring.ssl.bundle.watch.file.quiet-period=50ms",
            "logging.level.org.springframework.boot=debug",
            "logging.level.org.springframework.security=trace",
            "logging.level.io.nowcast=trace"
        })
@ExtendWith(OutputCaptureExtension.class)
@Timeout(300)
class TlsTest {

    private static final char[] PASSWORD = "password".toCharArray();
    private static final String KEY_PASSWORD = "bundle-password-4711";
    private static final Path FOLDER = folder();

    @LocalServerPort private int port;
    @LocalManagementPort private int managementPort;

    @DynamicPropertySource
    static void certificates(DynamicPropertyRegistry properties) {
        writePem(keyStore("server", "localhost"), "server");
        writePem(keyStore("client", "radar-team"), "client");
        String bundle = "spring.ssl.bundle.pem.service.";
        properties.add(
                bundle + "keystore.certificate", () -> FOLDER.resolve("server.crt").toString());
        properties.add(
                bundle + "keystore.private-key", () -> FOLDER.resolve("server.key").toString());
        // The key is not encrypted and needs none; it is told to the service all the same.
        properties.add(bundle + "keystore.private-key-password", () -> KEY_PASSWORD);
        properties.add(
                bundle + "truststore.certificate", () -> FOLDER.resolve("client.crt").toString());
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory("nowcast-tls");
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /** A new key and its certificate, by the JDK's own tool. */
    private static KeyStore keyStore(String file, String commonName) {
        try {
            Path store = FOLDER.resolve(file + ".p12");
            Files.deleteIfExists(store);
            Process keytool =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "keytool")
                                            .toString(),
                                    "-genkeypair",
                                    "-alias",
                                    "it",
                                    "-keyalg",
                                    "EC",
                                    "-dname",
                                    "CN=" + commonName,
                                    "-ext",
                                    "san=dns:localhost",
                                    "-validity",
                                    "2",
                                    "-storetype",
                                    "PKCS12",
                                    "-storepass",
                                    new String(PASSWORD),
                                    "-keystore",
                                    store.toString())
                            .inheritIO()
                            .start();
            assertThat(keytool.waitFor()).isZero();
            return KeyStore.getInstance(store.toFile(), PASSWORD);
        } catch (IOException | GeneralSecurityException problem) {
            throw new IllegalStateException(problem);
        } catch (InterruptedException problem) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(problem);
        }
    }

    private static void writePem(KeyStore store, String name) {
        try {
            Files.writeString(
                    FOLDER.resolve(name + ".key"),
                    pem("PRIVATE KEY", store.getKey("it", PASSWORD).getEncoded()));
            Files.writeString(
                    FOLDER.resolve(name + ".crt"),
                    pem("CERTIFICATE", store.getCertificate("it").getEncoded()));
        } catch (IOException | GeneralSecurityException problem) {
            throw new IllegalStateException(problem);
        }
    }

    private static String pem(String label, byte[] content) {
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                .formatted(label, Base64.getMimeEncoder().encodeToString(content), label);
    }

    private static SSLContext context(KeyStore server, boolean withCertificate)
            throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", server.getCertificate("it"));
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        KeyManagerFactory own =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        if (withCertificate) {
            own.init(
                    KeyStore.getInstance(FOLDER.resolve("client.p12").toFile(), PASSWORD),
                    PASSWORD);
        } else {
            own.init(null, null);
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private HttpResponse<String> models(SSLContext context)
            throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newBuilder().sslContext(context).build()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/models"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static X509Certificate certificateOf(HttpResponse<String> response) throws IOException {
        return (X509Certificate) response.sslSession().orElseThrow().getPeerCertificates()[0];
    }

    @Test
    void neitherPasswordNorPrivateKeyIsInTheLog(CapturedOutput output) throws IOException {
        new ServiceClient(managementPort).get("/actuator/health/readiness");
        String key = Files.readAllLines(FOLDER.resolve("server.key")).get(1);

        assertThat(output).contains("TRACE").contains("DEBUG");
        assertThat(output.getAll().contains(KEY_PASSWORD))
                .as("the password is in the log")
                .isFalse();
        assertThat(output.getAll().contains(key)).as("the key is in the log").isFalse();
    }

    /** Kubelets have no certificate. */
    @Test
    void probesNeedNone() {
        assertThat(new ServiceClient(managementPort).get("/actuator/health/readiness").status())
                .isEqualTo(200);
    }

    /** The script that {@code helm test} runs where the service speaks TLS. */
    @Test
    void helmTestForecastsByTheCertificateOfTheSecret(@TempDir Path folder) throws Exception {
        assertThat(helmTest(folder, "refused", "server")).contains("asks for a certificate");
        Files.copy(FOLDER.resolve("client.crt"), folder.resolve("client.crt"));
        Files.copy(FOLDER.resolve("client.key"), folder.resolve("client.key"));
        assertThat(helmTest(folder, "200", "server"))
                .contains("a forecast of 2 frames of 64x64 came: Nowcast-Model: radar-convgru");
        assertThat(helmTest(folder, "401", "server")).contains("status: no ", "200");
        // Not the certificate that the service shows.
        assertThat(helmTest(folder, "200", "client")).contains("self-signed certificate");
    }

    private String helmTest(Path folder, String expected, String trusted) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/curl")), "the script needs curl");
        JsonNode files =
                Chart.document(Chart.documents(Chart.render("secured")), "ConfigMap", "-test");
        Path script = folder.resolve("forecast-tls.sh");
        Files.writeString(script, files.at("/data/forecast-tls.sh").asString());
        Files.write(
                folder.resolve("radar.npy"),
                Base64.getDecoder().decode(files.at("/binaryData/radar.npy").asString()));
        Files.copy(
                FOLDER.resolve(trusted + ".crt"),
                folder.resolve("tls.crt"),
                StandardCopyOption.REPLACE_EXISTING);
        Process process =
                new ProcessBuilder(
                                "sh",
                                script.toString(),
                                "localhost",
                                "127.0.0.1",
                                Integer.toString(port),
                                "30",
                                expected)
                        .redirectErrorStream(true)
                        .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void clientsNeedACertificateAndANewOneOfTheServiceNeedsNoRestart() throws Exception {
        KeyStore first = KeyStore.getInstance(FOLDER.resolve("server.p12").toFile(), PASSWORD);

        HttpResponse<String> answer = models(context(first, true));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(certificateOf(answer)).isEqualTo(first.getCertificate("it"));
        assertThat(answer.headers().firstValue("Strict-Transport-Security")).isPresent();
        assertThatThrownBy(() -> models(context(first, false))).isInstanceOf(IOException.class);

        KeyStore second = keyStore("server", "localhost");
        writePem(second, "server");
        SSLContext trustingSecond = context(second, true);
        while (true) {
            try {
                assertThat(certificateOf(models(trustingSecond)))
                        .isEqualTo(second.getCertificate("it"));
                break;
            } catch (IOException stillTheFirst) {
                Thread.onSpinWait();
            }
        }
        assertThatThrownBy(() -> models(context(first, true))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> models(context(second, false))).isInstanceOf(IOException.class);
    }
}
