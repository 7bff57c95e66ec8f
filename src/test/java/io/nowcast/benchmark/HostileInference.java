package io.nowcast.benchmark;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Requests of the Open Inference Protocol that are wrong for certain, in JSON and with binary
 * tensors. The same list every time.
 */
final class HostileInference {

    private static final String INFER = "/v2/models/radar-convgru/infer";
    private static final String LENGTH = "Inference-Header-Content-Length";

    private final List<HostileRequest> requests = new ArrayList<>();
    private final Random random = new Random(7);

    private HostileInference() {}

    static List<HostileRequest> all() {
        HostileInference all = new HostileInference();
        all.inference();
        all.binaryInference();
        return all.requests;
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
        body.writeBytes(json.getBytes(StandardCharsets.UTF_8));
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
