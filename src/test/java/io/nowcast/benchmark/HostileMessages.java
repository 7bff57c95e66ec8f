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
    private static final String INFER = "/v2/models/radar-convgru/infer";
    private static final String LENGTH = "Inference-Header-Content-Length";

    private final List<HostileRequest> requests = new ArrayList<>();
    private final Random random = new Random(11);
    private final byte[] npy = HostileBodies.radar("u8.npy");

    private HostileMessages() {}

    static List<HostileRequest> all() {
        HostileMessages messages = new HostileMessages();
        messages.mediaTypes();
        messages.parameters();
        messages.compressed();
        messages.multipart();
        messages.inference();
        messages.binaryInference();
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

    private void infer(String name, String json) {
        requests.add(
                new HostileRequest(
                        "OIP JSON: " + name,
                        INFER,
                        "application/json",
                        List.of(),
                        json.getBytes(StandardCharsets.UTF_8)));
    }

    private static String document(String shape, String type, String data) {
        return "{\"parameters\": {\"steps\": 1}, \"inputs\": [{\"name\": \"frames\", \"shape\": %s, \"datatype\": %s, \"data\": %s}]}"
                .formatted(shape, type, data);
    }

    private void inference() {
        String data = "[" + "0,".repeat(5 * 16 * 16 - 1) + "0]";
        String good = document("[5,16,16]", "\"FP32\"", data);
        for (int cut = 0; cut < 160; cut++) {
            int length = cut < 110 ? cut : random.nextInt(good.length());
            infer("cut at %d (%d)".formatted(length, cut), good.substring(0, length));
        }
        for (String shape :
                List.of(
                        "[]",
                        "null",
                        "5",
                        "\"5\"",
                        "[5,16]",
                        "[5,16,17]",
                        "[5,-16,16]",
                        "[5,16,1e99]",
                        "[5,2147483648,2147483648]",
                        "[5,\"16\",16]",
                        "[[5,16,16]]",
                        "[5,16.5,16]",
                        "[0,16,16]",
                        "{}",
                        "[4,16,20]",
                        "[5,1,1,16,16]",
                        "[99999999999999999999,16,16]")) {
            infer("shape " + shape, document(shape, "\"FP32\"", data));
        }
        for (String type :
                List.of(
                        "\"BYTES\"",
                        "\"FP8\"",
                        "\"BF16\"",
                        "\"fp32\"",
                        "\"\"",
                        "null",
                        "3",
                        "[]",
                        "{}",
                        "\"FP32 \"")) {
            infer("type " + type, document("[5,16,16]", type, data));
        }
        for (String values :
                List.of(
                        "[]",
                        "null",
                        "{}",
                        "\"x\"",
                        "[0]",
                        "[NaN]",
                        "[1e999]",
                        "[\"0\"]",
                        "[true]",
                        "[{}]",
                        "[[0],[0]]",
                        data.replaceFirst("0", "\"a\""),
                        data.replaceFirst("0", "{}"),
                        data.replaceFirst("0", "NaN"),
                        data.replaceFirst("0", "-5"),
                        data.replaceFirst("0", "1e999"),
                        data.replace("0", "null"),
                        data.replaceFirst("0", "0,0"),
                        "[" + data + ",0]")) {
            infer(
                    "data " + values.substring(0, Math.min(30, values.length())) + values.length(),
                    document("[5,16,16]", "\"FP32\"", values));
        }
        for (String text :
                List.of(
                        "[]",
                        "null",
                        "1",
                        "\"x\"",
                        "{}",
                        "{\"inputs\": []}",
                        "{\"inputs\": {}}",
                        "{\"inputs\": null}",
                        "{\"inputs\": [1]}",
                        "{\"inputs\": [{}]}",
                        "{\"inputs\": [{\"name\": \"x\"}]}",
                        good + good,
                        good + "x",
                        "{\"a\":" + "[".repeat(5000),
                        "{\"a\":" + "{\"a\":".repeat(5000),
                        "{\"a\":\"" + "x".repeat(100),
                        "\uFEFFx" + good,
                        "{'inputs': []}",
                        "<xml/>",
                        "{\"inputs\":[],}",
                        good.replace("\"steps\": 1", "\"steps\": 0"),
                        good.replace("\"steps\": 1", "\"steps\": \"x\""),
                        good.replace("\"steps\": 1", "\"steps\": []"),
                        good.replace("\"steps\": 1", "\"unknown\": 1"),
                        good.replace("\"steps\": 1", "\"units\": \"furlong\""),
                        good.replace("\"steps\": 1", "\"steps\": 1e9"),
                        good.replace("{\"steps\": 1}", "[]"),
                        good.replace("\"frames\"", "\"other\""))) {
            infer(
                    "document "
                            + text.substring(0, Math.min(30, text.length()))
                            + text.length()
                            + " "
                            + text.hashCode(),
                    text);
        }
    }

    private void binaryInference() {
        byte[] data = new byte[5 * 16 * 16 * 4];
        for (String size :
                List.of(
                        "0",
                        "-1",
                        "1",
                        "5119",
                        "5121",
                        "999999999",
                        "9223372036854775807",
                        "99999999999999999999",
                        "1.5",
                        "\"5120\"",
                        "null",
                        "[]")) {
            String json = header(size);
            binary("size " + size, json, Integer.toString(json.length()), data);
        }
        String json = header("5120");
        for (String length :
                List.of(
                        "0",
                        "-1",
                        "1",
                        "10",
                        "999999",
                        "2147483648",
                        "99999999999999999999",
                        "x",
                        "1.5",
                        "0x10",
                        Integer.toString(json.length() - 1),
                        Integer.toString(json.length() + 1))) {
            binary("header of " + length, json, length, data);
        }
        for (int cut = 0; cut < 60; cut++) {
            int length = cut < 20 ? cut : random.nextInt(data.length);
            binary(
                    "cut at %d (%d)".formatted(length, cut),
                    json,
                    Integer.toString(json.length()),
                    Arrays.copyOf(data, length));
        }
        for (int value = 0; value < 20; value++) {
            byte[] spoilt = data.clone();
            int place = 4 * random.nextInt(data.length / 4);
            spoilt[place + 3] = (byte) (value % 2 == 0 ? 0x7F : 0xFF);
            spoilt[place + 2] = (byte) 0x80;
            binary(
                    "infinity at " + place + " " + value,
                    json,
                    Integer.toString(json.length()),
                    spoilt);
        }
    }

    private static String header(String size) {
        return "{\"parameters\": {\"steps\": 1}, \"inputs\": [{\"name\": \"frames\", \"shape\": [5,16,16], \"datatype\": \"FP32\", \"parameters\": {\"binary_data_size\": %s}}]}"
                .formatted(size);
    }

    private void binary(String name, String json, String length, byte[] data) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(ascii(json));
        body.writeBytes(data);
        requests.add(
                new HostileRequest(
                        "OIP binary: " + name,
                        INFER,
                        "application/octet-stream",
                        List.of(LENGTH, length),
                        body.toByteArray()));
    }
}
