package io.nowcast.benchmark;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/** Good frames in requests that are wrong for certain. The same list every time. */
final class HostileMessages {

    private static final String NPY = "application/x-npy";

    private final List<HostileRequest> requests = new ArrayList<>();
    private final Random random = new Random(11);
    private final byte[] npy = HostileRequest.radar("u8.npy");

    private HostileMessages() {}

    static List<HostileRequest> all() {
        HostileMessages messages = new HostileMessages();
        messages.mediaTypes();
        messages.parameters();
        messages.compressed();
        messages.multipart();
        return messages.requests;
    }

    private void add(String name, String query, String type, List<String> headers, byte[] body) {
        requests.add(new HostileRequest(name, "/forecast" + query, type, headers, body));
    }

    private void mediaTypes() {
        for (String type :
                List.of(
                        "text/plain",
                        "text/html",
                        "application/json",
                        "application/xml",
                        "application/x-www-form-urlencoded",
                        "image/png",
                        "image/jpeg",
                        "video/mp4",
                        "nonsense",
                        "a/b/c",
                        "*/*",
                        "application/*",
                        "application/x-npy2",
                        "application/x-npz",
                        "application/zip",
                        "multipart/form-data",
                        "multipart/form-data; boundary=",
                        "multipart/form-data; boundary=none",
                        "multipart/mixed; boundary=b",
                        "application/x-npy/" + "x".repeat(3000))) {
            add(
                    "media type: " + type.substring(0, Math.min(50, type.length())),
                    "?steps=1",
                    type,
                    List.of(),
                    npy);
        }
        for (String accept :
                List.of("text/html", "image/jpeg", "application/xml", "video/*", "nonsense")) {
            add("Accept: " + accept, "?steps=1", NPY, List.of("Accept", accept), npy);
        }
    }

    private void parameters() {
        for (String steps :
                List.of(
                        "0",
                        "-1",
                        "999999999999",
                        "1.5",
                        "NaN",
                        "",
                        "one",
                        "1e1",
                        "0x1",
                        "%00",
                        "1,2",
                        "%F0%9F%8C%A7",
                        "%27%20OR%201=1")) {
            parameter("steps=" + steps);
        }
        for (String name :
                List.of(
                        "units",
                        "format",
                        "timeout",
                        "interval",
                        "time",
                        "zr",
                        "product",
                        "at",
                        "box",
                        "polygon",
                        "scale_factor",
                        "add_offset",
                        "fill_value",
                        "values",
                        "model")) {
            for (String value :
                    List.of(
                            "nonsense",
                            "-",
                            "%00",
                            "..%2F..%2Fetc%2Fpasswd",
                            "%3Cscript%3E",
                            "%24%7Bjndi:ldap:x%7D",
                            "9".repeat(400) + "x",
                            "PT-1S",
                            "[]",
                            "%0d%0aX:y",
                            "%7B%7D",
                            "1;2",
                            "'%20OR%20''='")) {
                parameter("steps=1&" + name + "=" + value);
            }
        }
        for (String query :
                List.of(
                        "steps=1&steps=2",
                        "step=1",
                        "STEPS=1",
                        "steps=1&unknown=1",
                        "model=a&model=b",
                        "timeout=PT0S",
                        "scale_factor=0",
                        "scale_factor=NaN",
                        "scale_factor=Infinity",
                        "add_offset=NaN",
                        "add_offset=1e400",
                        "interval=PT1S",
                        "zr=0,0",
                        "zr=-1,1.6",
                        "zr=NaN,NaN",
                        "zr=200",
                        "zr=200,1.6,3",
                        "box=1,2,3",
                        "at=91,181",
                        "at=NaN,NaN",
                        "polygon=1,1",
                        "time=2024-13-45T99:00:00Z")) {
            parameter(query);
        }
        for (int count : new int[] {50, 300}) {
            StringBuilder many = new StringBuilder("steps=1");
            for (int number = 0; number < count; number++) {
                many.append("&p").append(number).append("=1");
            }
            parameter(many.toString());
        }
    }

    private void parameter(String query) {
        add(
                "parameter: " + query.substring(0, Math.min(60, query.length())),
                "?" + query,
                NPY,
                List.of(),
                npy);
    }

    private void compressed() {
        List<String> gzip = List.of("Content-Encoding", "gzip");
        byte[] whole = gzip(npy);
        for (int cut = 0; cut < 80; cut++) {
            int length = cut < 20 ? cut : random.nextInt(whole.length);
            add(
                    "gzip: cut at %d (%d)".formatted(length, cut),
                    "?steps=1",
                    NPY,
                    gzip,
                    Arrays.copyOf(whole, length));
        }
        for (int change = 0; change < 40; change++) {
            byte[] spoilt = whole.clone();
            // The checksum and the length at the end, which are compared.
            spoilt[whole.length - 1 - change % 8] ^= (byte) (1 + random.nextInt(255));
            add("gzip: sum spoilt (%d)".formatted(change), "?steps=1", NPY, gzip, spoilt);
        }
        for (int megabytes : new int[] {300, 600, 1000}) {
            add(
                    "gzip: %d MB of zeros".formatted(megabytes),
                    "?steps=1",
                    NPY,
                    gzip,
                    bomb(megabytes));
        }
        for (String coding :
                List.of(
                        "br",
                        "deflate",
                        "zstd",
                        "compress",
                        "gzip, gzip",
                        "nonsense",
                        "gzip;q=1")) {
            add(
                    "gzip: coding " + coding,
                    "?steps=1",
                    NPY,
                    List.of("Content-Encoding", coding),
                    whole);
        }
        add("gzip: not compressed", "?steps=1", NPY, gzip, npy);
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        return out.toByteArray();
    }

    private static byte[] bomb(int megabytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] zeros = new byte[1 << 20];
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            for (int megabyte = 0; megabyte < megabytes; megabyte++) {
                gzip.write(zeros);
            }
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        return out.toByteArray();
    }

    private void multipart() {
        String type = "multipart/form-data; boundary=b";
        byte[] good = part("frames", "a.npy", npy, true);
        for (int cut = 0; cut < 80; cut++) {
            int length = cut < 60 ? cut : random.nextInt(good.length - 10);
            add(
                    "multipart: cut at %d (%d)".formatted(length, cut),
                    "?steps=1",
                    type,
                    List.of(),
                    Arrays.copyOf(good, length));
        }
        for (String name :
                List.of("", "frame", "FRAMES", "file", "../frames", "frames[]", "x".repeat(500))) {
            add(
                    "multipart: part called " + name,
                    "?steps=1",
                    type,
                    List.of(),
                    part(name, "a.npy", npy, true));
        }
        ByteArrayOutputStream many = new ByteArrayOutputStream();
        for (int count = 0; count < 300; count++) {
            many.writeBytes(part("frames", count + ".png", new byte[1], false));
        }
        many.writeBytes(ascii("--b--\r\n"));
        add("multipart: 300 parts", "?steps=1", type, List.of(), many.toByteArray());
        ByteArrayOutputStream headers = new ByteArrayOutputStream();
        headers.writeBytes(
                ascii(
                        "--b\r\nContent-Disposition: form-data; name=\"frames\"; filename=\"a\"\r\n"));
        headers.writeBytes(ascii("X-Long: " + "x".repeat(60_000) + "\r\n\r\n"));
        headers.writeBytes(npy);
        headers.writeBytes(ascii("\r\n--b--\r\n"));
        add("multipart: a header of 60 KB", "?steps=1", type, List.of(), headers.toByteArray());
    }

    private static byte[] part(String name, String file, byte[] body, boolean last) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(
                ascii(
                        "--b\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\n\r\n"
                                .formatted(name, file)));
        out.writeBytes(body);
        out.writeBytes(ascii(last ? "\r\n--b--\r\n" : "\r\n"));
        return out.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
