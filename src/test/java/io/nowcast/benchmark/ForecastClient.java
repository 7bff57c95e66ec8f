package io.nowcast.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/**
 * Posts forecast requests to a service on this machine. Thread-safe.
 *
 * <p>Each exchange keeps a thread, a virtual one where {@link #send} makes it: a client that hands
 * requests from thread to thread takes half as much processor time again, which the service on the
 * same cores would miss.
 */
final class ForecastClient implements RequestSender, AutoCloseable {

    private static final int LONGEST_REQUEST_SECONDS = 120;
    private static final int LONGEST_CONNECT_SECONDS = 10;
    private static final RequestConfig PAGE =
            RequestConfig.custom().setResponseTimeout(Timeout.ofSeconds(2)).build();

    /** More than any load leaves unanswered, so that nothing waits for a connection. */
    private static final int MOST_CONNECTIONS = 10_000;

    private final URI service;
    private final ExecutorService exchanges = Executors.newVirtualThreadPerTaskExecutor();
    private final CloseableHttpClient http = client();
    private final RequestConfig forecast;

    /** Connects to nothing yet, and sends bodies at once. */
    ForecastClient(URI service) throws IOException {
        this(service, false);
    }

    /**
     * Connects to nothing yet.
     *
     * @param expectContinue whether a body is sent only when the service asks for it
     * @throws IllegalArgumentException if the address is not a loopback address: load is for the
     *     machine that makes it
     */
    ForecastClient(URI service, boolean expectContinue) throws IOException {
        if (!InetAddress.getByName(service.getHost()).isLoopbackAddress()) {
            throw new IllegalArgumentException(
                    "expected a service on a loopback address, got " + service);
        }
        this.service = service;
        this.forecast = RequestConfig.custom().setExpectContinueEnabled(expectContinue).build();
    }

    private static CloseableHttpClient client() {
        return HttpClients.custom()
                .setConnectionManager(
                        PoolingHttpClientConnectionManagerBuilder.create()
                                .setMaxConnTotal(MOST_CONNECTIONS)
                                .setMaxConnPerRoute(MOST_CONNECTIONS)
                                .setDefaultConnectionConfig(
                                        ConnectionConfig.custom()
                                                .setConnectTimeout(
                                                        LONGEST_CONNECT_SECONDS, TimeUnit.SECONDS)
                                                .setSocketTimeout(
                                                        LONGEST_REQUEST_SECONDS, TimeUnit.SECONDS)
                                                .build())
                                .build())
                .disableAutomaticRetries()
                .disableContentCompression()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .build();
    }

    URI service() {
        return service;
    }

    Reply post(PlannedRequest request) throws IOException {
        HttpPost post = new HttpPost(service.resolve("/forecast?" + request.query()));
        post.setEntity(
                new ByteArrayEntity(
                        request.body(), ContentType.parse(request.format().mediaType())));
        request.headers().forEach(post::addHeader);
        post.setConfig(forecast);
        return http.execute(post, Reply::of);
    }

    @Override
    public CompletableFuture<Reply> send(PlannedRequest request) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return post(request);
                    } catch (IOException problem) {
                        throw new UncheckedIOException(problem);
                    }
                },
                exchanges);
    }

    /** Posts nothing to a path of the service; the status of the answer. */
    int command(String path) throws IOException {
        return http.execute(
                new HttpPost(service.resolve(path)),
                response -> {
                    EntityUtils.consume(response.getEntity());
                    return response.getCode();
                });
    }

    /** The body of a page of the service, or the empty text where there is none. */
    String page(String path) {
        HttpGet get = new HttpGet(service.resolve(path));
        get.setConfig(PAGE);
        try {
            return http.execute(
                    get,
                    response -> {
                        String body = EntityUtils.toString(response.getEntity());
                        return response.getCode() == HttpStatus.SC_OK ? body : "";
                    });
        } catch (IOException _) {
            return "";
        }
    }

    @Override
    public void close() {
        http.close(CloseMode.IMMEDIATE);
        exchanges.close();
    }
}
