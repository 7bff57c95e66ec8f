package io.nowcast.web;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.zip.GZIPInputStream;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.util.FastByteArrayOutputStream;

/**
 * Reads a body that is not multipart, never more of it than the limit; inflates it where it comes
 * with {@code Content-Encoding: gzip}, and then never more than the limit of that.
 */
final class RequestBodyReader {

    private static final Set<String> GZIP = Set.of("gzip", "x-gzip");
    private static final int PIECE = 64 * 1024;

    /** Beyond it some virtual machines give no array. */
    private static final long LARGEST_ARRAY = Integer.MAX_VALUE - 8L;

    private final long limit;
    private final long expandedLimit;

    /**
     * Makes a reader.
     *
     * @param limit most bytes of a body as it is sent
     * @param expandedLimit most bytes of a body that was inflated
     */
    RequestBodyReader(long limit, long expandedLimit) {
        this.limit = limit;
        this.expandedLimit = expandedLimit;
    }

    /**
     * Refuses a body that is compressed as a whole, for readers that cannot inflate it.
     *
     * @throws BodyException 415 if it is
     */
    static void requireUncompressed(HttpServletRequest request) {
        if (isCompressed(request)) {
            throw new BodyException(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                    "Content-Encoding is '%s' and the body is multipart; compress its parts, or send one body"
                            .formatted(request.getHeader(HttpHeaders.CONTENT_ENCODING)));
        }
    }

    /**
     * Whether the body must be inflated.
     *
     * @throws BodyException 415 if it cannot be
     */
    private static boolean isCompressed(HttpServletRequest request) {
        String coding =
                String.join(
                                ", ",
                                Collections.list(request.getHeaders(HttpHeaders.CONTENT_ENCODING)))
                        .strip()
                        .toLowerCase(Locale.ROOT);
        if (coding.isEmpty() || coding.equals("identity")) {
            return false;
        }
        if (GZIP.contains(coding)) {
            return true;
        }
        throw new BodyException(
                HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                "Content-Encoding is '%s'; expected gzip, identity or none".formatted(coding));
    }

    /**
     * Bytes that reading a body will take at first: all of it where its length is known.
     *
     * @throws BodyException 413 if it is longer than the limit
     */
    long announced(HttpServletRequest request) {
        long length = request.getContentLengthLong();
        if (length > limit) {
            throw tooLarge(length + " bytes");
        }
        return length < 0 ? PIECE : length;
    }

    /** Most bytes that the body of a request can have: those announced, else the limit. */
    long mostBytes(HttpServletRequest request) {
        long length = request.getContentLengthLong();
        return length < 0 ? limit : length;
    }

    /**
     * The whole body.
     *
     * @param memory is told what the body takes, before it does, where its length was not announced
     *     or it must be inflated
     * @throws BodyException 400 if it is empty or no gzip where it should be, 413 if it is longer
     *     than the limit, as sent or inflated, 415 if it is compressed in another way
     * @throws IOException if the client goes away
     */
    ReceivedBody read(HttpServletRequest request, LongConsumer memory) throws IOException {
        boolean compressed = isCompressed(request);
        byte[] sent = readSent(request, memory);
        byte[] bytes = compressed ? inflate(sent, memory) : sent;
        return new ReceivedBody(bytes, sent.length, InputDigest.of(sent));
    }

    /**
     * Inflates twice, the first time to learn the length: whether a body is too large does then not
     * depend on how much memory is free now, and what it takes is known before any of it is taken.
     */
    private byte[] inflate(byte[] sent, LongConsumer memory) {
        try {
            int length = inflatedLength(sent);
            if (length == 0) {
                throw new BodyException(
                        HttpStatus.BAD_REQUEST, "the body is empty once it is inflated");
            }
            memory.accept((long) sent.length + length);
            byte[] body = new byte[length];
            try (InputStream in = inflated(sent)) {
                in.readNBytes(body, 0, length);
            }
            return body;
        } catch (IOException problem) {
            throw new BodyException(
                    HttpStatus.BAD_REQUEST,
                    "Content-Encoding is gzip and the body is not: " + problem.getMessage());
        }
    }

    private int inflatedLength(byte[] sent) throws IOException {
        byte[] piece = new byte[PIECE];
        long total = 0;
        try (InputStream in = inflated(sent)) {
            int read = in.readNBytes(piece, 0, PIECE);
            while (read > 0) {
                total += read;
                if (total > Math.min(expandedLimit, LARGEST_ARRAY)) {
                    throw tooLargeInflated();
                }
                read = in.readNBytes(piece, 0, PIECE);
            }
        }
        return (int) total;
    }

    private static InputStream inflated(byte[] sent) throws IOException {
        return new GZIPInputStream(new ByteArrayInputStream(sent), PIECE);
    }

    private byte[] readSent(HttpServletRequest request, LongConsumer memory) throws IOException {
        long length = request.getContentLengthLong();
        try (InputStream in = request.getInputStream()) {
            byte[] body = length < 0 ? readPieces(in, memory) : readWhole(in, (int) length);
            if (body.length == 0) {
                throw new BodyException(
                        HttpStatus.BAD_REQUEST,
                        "the body is empty; expected frames, such as an NPY array or a ZIP of ODIM_H5 files");
            }
            return body;
        }
    }

    /** Into one array: pieces and the array that they are joined to would take it twice. */
    private static byte[] readWhole(InputStream in, int length) throws IOException {
        byte[] body = new byte[length];
        int read = in.readNBytes(body, 0, length);
        if (read < length) {
            throw new BodyException(
                    HttpStatus.BAD_REQUEST,
                    "the body ends after %d bytes, Content-Length promised %d"
                            .formatted(read, length));
        }
        return body;
    }

    private byte[] readPieces(InputStream in, LongConsumer memory) throws IOException {
        FastByteArrayOutputStream body = new FastByteArrayOutputStream(PIECE);
        byte[] piece = new byte[PIECE];
        int read = in.readNBytes(piece, 0, PIECE);
        while (read > 0) {
            long total = (long) body.size() + read;
            if (total > limit) {
                throw tooLarge("more than that");
            }
            // The pieces, and the array that they are joined to.
            memory.accept(2 * total);
            body.write(piece, 0, read);
            read = in.readNBytes(piece, 0, PIECE);
        }
        return body.toByteArrayUnsafe();
    }

    private BodyException tooLargeInflated() {
        return new BodyException(
                HttpStatus.CONTENT_TOO_LARGE,
                "a body may have %d bytes once it is inflated (nowcast.limits.expanded), this one has more"
                        .formatted(expandedLimit));
    }

    private BodyException tooLarge(String found) {
        return new BodyException(
                HttpStatus.CONTENT_TOO_LARGE,
                "a body may have %d bytes (nowcast.limits.body), this one has %s"
                        .formatted(limit, found));
    }
}
