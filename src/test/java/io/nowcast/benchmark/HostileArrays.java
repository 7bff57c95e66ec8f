package io.nowcast.benchmark;

import io.nowcast.testing.NumpyFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * NPY files that are wrong for certain: cut, with headers that the format does not have, with
 * values that no radar measures. The same list every time.
 */
final class HostileArrays {

    private static final String NPY = "application/x-npy";

    private final List<HostileRequest> requests = new ArrayList<>();
    private final Random random = new Random(7);

    private HostileArrays() {}

    static List<HostileRequest> all() {
        HostileArrays all = new HostileArrays();
        all.arrays();
        all.arrayHeaders();
        all.values();
        return all.requests;
    }

    private void add(String name, String contentType, byte[] body) {
        requests.add(HostileRequest.forecast(name, contentType, body));
    }

    /** Cut within the header at every byte, and in the data at random ones. */
    private void arrays() {
        for (String name : List.of("mmh_f32.npy", "mmh_f16.npy", "u8.npy")) {
            byte[] npy = HostileRequest.radar(name);
            for (int length = 0; length < 128; length++) {
                add("NPY: " + name + " cut at " + length, NPY, Arrays.copyOf(npy, length));
            }
            for (int cut = 0; cut < 40; cut++) {
                int length = 128 + random.nextInt(npy.length - 128);
                add("NPY: " + name + " cut at " + length, NPY, Arrays.copyOf(npy, length));
            }
            for (int place = 0; place < 6; place++) {
                byte[] spoilt = npy.clone();
                spoilt[place] ^= (byte) (1 + random.nextInt(255));
                add("NPY: " + name + " magic spoilt at " + place, NPY, spoilt);
            }
            for (int version : new int[] {0, 4, 5, 9, 100, 127, 128, 200, 254, 255}) {
                byte[] spoilt = npy.clone();
                spoilt[6] = (byte) version;
                add("NPY: " + name + " of version " + version, NPY, spoilt);
            }
            for (int length : new int[] {0, 1, 2, 10, 20, 30, 40, 50, 65000, 65535}) {
                byte[] spoilt = npy.clone();
                ByteBuffer.wrap(spoilt).order(ByteOrder.LITTLE_ENDIAN).putShort(8, (short) length);
                add("NPY: " + name + " with a header of " + length, NPY, spoilt);
            }
        }
    }

    private void arrayHeaders() {
        byte[] data = new byte[5 * 64 * 64 * 4];
        for (String type :
                List.of(
                        "'|O'",
                        "'<c8'",
                        "'<c16'",
                        "'|S8'",
                        "'<U4'",
                        "'|V4'",
                        "'<M8[s]'",
                        "'<m8[ns]'",
                        "''",
                        "'<f3'",
                        "'<i5'",
                        "'x'",
                        "'<f'",
                        "'f4<'",
                        "'<f-4'",
                        "'<f99999999999'",
                        "4",
                        "None",
                        "True",
                        "[('a','<f4')]",
                        "('<f4',(2,))",
                        "{'a':1}",
                        "'<f4",
                        "<f4")) {
            header("of type " + type, type, "False", "(5, 64, 64)", data);
        }
        for (String order : List.of("0", "1", "None", "'False'", "false", "(False)", "[]", "")) {
            header("with order " + order, "'<f4'", order, "(5, 64, 64)", data);
        }
        for (String shape :
                List.of(
                        "",
                        "()",
                        "(5)",
                        "5",
                        "None",
                        "'5,64,64'",
                        "(5, 64)",
                        "(5, 64, -64)",
                        "(-5, -64, 64)",
                        "(5, 64.0, 64)",
                        "(5, 1e3, 64)",
                        "(5, 64, 64",
                        "5, 64, 64)",
                        "((5, 64, 64))",
                        "(5, 64, (64,))",
                        "(0, 64, 64)",
                        "(5, 0, 64)",
                        "(5, 64, 0)",
                        "(5, 2147483648, 64)",
                        "(5, 4294967296, 4294967296)",
                        "(5, 65536, 65536)",
                        "(5, 9223372036854775807, 1)",
                        "(5, 18446744073709551616, 1)",
                        "(5, 99999999999999999999999999999999, 1)",
                        "(1,1,1,1,1,1,1,1,5,64,64)",
                        "(5, 3, 64, 64)",
                        "(1, 5, 2, 64, 64)",
                        "(17, 5, 1, 16, 16)",
                        "(5, 64, 64, 64)",
                        "(1000000000, 1, 1)",
                        "(4, 64, 64)",
                        "(3, 64, 64)",
                        "(5, 64, 640)",
                        "(5, 640, 64)",
                        "(50, 64, 64)",
                        "(5,,64,64)",
                        "(a, b, c)",
                        "(True, 64, 64)",
                        "(0x5, 64, 64)",
                        "(5, 64, 64L, 1, 1, 1)",
                        "(5 64 64)")) {
            header("of shape " + shape, "'<f4'", "False", shape, data);
        }
        for (String text :
                List.of(
                        "",
                        "{",
                        "}",
                        "{}",
                        "[]",
                        "None",
                        "{'descr': '<f4'}",
                        "{'shape': (5,64,64)}",
                        "{'descr': '<f4', 'fortran_order': False, 'shape': (5,64,64)",
                        "{'descr': '<f4' 'fortran_order': False 'shape': (5,64,64)}",
                        "__import__('os').system('id')",
                        "{'descr': open('/etc/passwd').read()}",
                        "\u0001\u0002\u0003",
                        "{".repeat(900),
                        "(".repeat(900),
                        "'".repeat(901))) {
            add(
                    "NPY header: '" + text.substring(0, Math.min(40, text.length())) + "'",
                    NPY,
                    NumpyFile.file(text, data));
        }
    }

    private void header(String name, String type, String order, String shape, byte[] data) {
        String text =
                "{'descr': %s, 'fortran_order': %s, 'shape': %s, }".formatted(type, order, shape);
        add("NPY header: " + name, NPY, NumpyFile.file(text, data));
    }

    /** What no radar measures, at random places of a good event. */
    private void values() {
        NumpyFile event = NumpyFile.parse(HostileRequest.radar("mmh_f32.npy"));
        for (float value :
                new float[] {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -1, -1000, -3e38f}) {
            for (int time = 0; time < 30; time++) {
                float[] values = event.values().clone();
                values[random.nextInt(values.length)] = value;
                add(
                        "values: %s, %d".formatted(value, time),
                        NPY,
                        NumpyFile.of(values, event.shape()).bytes());
            }
        }
        float[] missing = new float[5 * 64 * 64];
        Arrays.fill(missing, Float.NaN);
        add("values: nothing but NaN", NPY, NumpyFile.of(missing, 5, 64, 64).bytes());
    }
}
