package io.nowcast.benchmark;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Clients that break off, stall or crawl. Each method is one such client on a connection of its own
 * and returns what it saw: a status, {@code closed}, {@code reset}, {@code gone} where it left
 * itself, or {@code hangs} where the service kept a dead connection too long. Thread-safe.
 */
final class ClientFaults {

    /** The service gives a silent connection 20 s, and a crawling body about as long. */
    private static final int PATIENCE_MILLISECONDS = 90_000;

    private final URI service;

    ClientFaults(URI service) {
        this.service = service;
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.getPort());
        socket.setSoTimeout(PATIENCE_MILLISECONDS);
        return socket;
    }

    private static byte[] head(PlannedRequest request) {
        return """
        POST /forecast?%s HTTP/1.1\r
        Host: localhost\r
        Content-Type: %s\r
        Content-Length: %d\r
        \r
        """
                .formatted(request.query(), request.format().mediaType(), request.body().length)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** A reset in place of a farewell. */
    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
    }

    String resetInUpload(PlannedRequest request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(head(request));
            socket.getOutputStream().write(request.body(), 0, request.body().length / 2);
            reset(socket);
        }
        return "gone";
    }

    String resetInAnswer(PlannedRequest request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(head(request));
            socket.getOutputStream().write(request.body());
            byte[] start = socket.getInputStream().readNBytes(12);
            reset(socket);
            return start.length < 12
                    ? "closed"
                    : status(new String(start, StandardCharsets.US_ASCII));
        } catch (SocketTimeoutException _) {
            return "hangs";
        }
    }

    /** Leaves as soon as all is sent, which is while its request waits or is computed. */
    String hangUp(PlannedRequest request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(head(request));
            socket.getOutputStream().write(request.body());
        }
        return "gone";
    }

    /** Half of the headers, and then nothing. */
    String halfOpen(PlannedRequest request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(head(request), 0, 40);
            return untilItEnds(socket);
        }
    }

    /** A byte of the body a second. */
    String crawl(PlannedRequest request) throws IOException, InterruptedException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(head(request));
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLISECONDS);
            for (int sent = 0; System.nanoTime() < end; sent++) {
                try {
                    socket.getOutputStream().write(request.body()[sent]);
                } catch (IOException _) {
                    return "closed";
                }
                if (socket.getInputStream().available() > 0) {
                    return untilItEnds(socket);
                }
                TimeUnit.SECONDS.sleep(1);
            }
            return "hangs";
        }
    }

    private static String untilItEnds(Socket socket) {
        StringBuilder answer = new StringBuilder();
        try {
            InputStream in = socket.getInputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                answer.append((char) next);
            }
        } catch (SocketTimeoutException _) {
            return "hangs";
        } catch (IOException _) {
            return answer.isEmpty() ? "reset" : status(answer.toString());
        }
        return answer.isEmpty() ? "closed" : status(answer.toString());
    }

    private static String status(String answer) {
        return answer.length() < 12 ? "cut" : answer.substring(9, 12);
    }
}
