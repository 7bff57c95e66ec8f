package io.nowcast.benchmark;

import io.nowcast.testing.NumpyFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Bodies of frames that are wrong for certain: each is a committed fixture or a made file with one
 * thing spoilt that the format has no way to accept. The same list every time.
 */
final class HostileBodies {

    private static final Path RADAR = Path.of("src/test/resources/radar");
    private static final Path CODEC = Path.of("src/test/resources/codec");
    private static final int SEED = 7;
    private static final String NPY = "application/x-npy";
    private static final String ZIP = "application/zip";

    private final List<HostileRequest> requests = new ArrayList<>();
    private final Random random = new Random(SEED);

    private HostileBodies() {}

    static List<HostileRequest> all() {
        HostileBodies bodies = new HostileBodies();
        bodies.arrays();
        bodies.arrayHeaders();
        bodies.values();
        bodies.archives();
        bodies.pictures();
        bodies.bombs();
        bodies.radarFiles();
        bodies.noise();
        return bodies.requests;
    }

    static byte[] radar(String name) {
        return read(RADAR.resolve("fmi_20160928_5x64x64_" + name));
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private void add(String name, String contentType, byte[] body) {
        requests.add(new HostileRequest(name, "/forecast?steps=1", contentType, List.of(), body));
    }

    /** Cut within the header at every byte, and in the data at random ones. */
    private void arrays() {
        for (String name : List.of("mmh_f32.npy", "mmh_f16.npy", "u8.npy")) {
            byte[] npy = radar(name);
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
        NumpyFile event = NumpyFile.parse(radar("mmh_f32.npy"));
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

    /** Cut anywhere an archive has lost its directory; a flipped byte breaks a checksum. */
    private void archives() {
        for (String name : List.of("png8", "png16", "geotiff", "odim", "pgm")) {
            byte[] zip = radar(name + ".zip");
            for (int boundary : boundaries(zip)) {
                add(
                        "ZIP: %s cut at %d".formatted(name, boundary),
                        ZIP,
                        Arrays.copyOf(zip, boundary));
            }
            for (int cut = 0; cut < 25; cut++) {
                int length = random.nextInt(zip.length - 22);
                add("ZIP: %s cut at %d".formatted(name, length), ZIP, Arrays.copyOf(zip, length));
            }
            for (int flip = 0; flip < 40; flip++) {
                byte[] spoilt = zip.clone();
                int place = inFirstEntry(zip);
                spoilt[place] ^= (byte) (1 + random.nextInt(255));
                add("ZIP: %s flipped at %d (%d)".formatted(name, place, flip), ZIP, spoilt);
            }
        }
    }

    /** Where a header of an archive begins, and the bytes around. */
    private static List<Integer> boundaries(byte[] zip) {
        List<Integer> found = new ArrayList<>();
        for (int place = 0; place < zip.length - 4; place++) {
            if (zip[place] == 'P' && zip[place + 1] == 'K' && zip[place + 2] < 7) {
                for (int around : new int[] {0, 2, 4, 12, 22}) {
                    if (place + around < zip.length) {
                        found.add(place + around);
                    }
                }
            }
        }
        return found;
    }

    private int inFirstEntry(byte[] zip) {
        ByteBuffer header = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        int data = 30 + header.getShort(26) + header.getShort(28);
        return data + random.nextInt(header.getInt(18));
    }

    /** PNGs in archives whose checksums are right. */
    private void pictures() {
        byte[] good = firstEntry(radar("png8.zip"));
        for (int cut = 0; cut < 150; cut++) {
            int length = cut < 60 ? cut : random.nextInt(good.length - 30);
            add(
                    "PNG: cut at %d (%d)".formatted(length, cut),
                    ZIP,
                    stack(Arrays.copyOf(good, length)));
        }
        for (int place = 0; place < 33; place++) {
            byte[] spoilt = good.clone();
            spoilt[place] ^= (byte) (1 + random.nextInt(255));
            add("PNG: header spoilt at " + place, ZIP, stack(spoilt));
        }
        int[][] sizes = {
            {30_000, 30_000}, {Integer.MAX_VALUE, 1}, {1, Integer.MAX_VALUE}, {-1, 64}, {64, -1},
            {0, 64}, {64, 0}, {Integer.MAX_VALUE, Integer.MAX_VALUE}, {65_536, 65_536}, {1, 1},
            {15, 15}, {64, 65}, {65, 64}, {Integer.MIN_VALUE, Integer.MIN_VALUE},
        };
        for (int[] size : sizes) {
            add(
                    "PNG: promises %dx%d".formatted(size[0], size[1]),
                    ZIP,
                    stack(promising(size[0], size[1], 8, 0)));
        }
        for (int depth : new int[] {0, 3, 5, 7, 9, 15, 17, 32, 64, 128, 255}) {
            add("PNG: of depth " + depth, ZIP, stack(promising(64, 64, depth, 0)));
        }
        for (int colour : new int[] {1, 2, 4, 5, 6, 7, 8, 100, 255}) {
            add("PNG: of colour type " + colour, ZIP, stack(promising(64, 64, 8, colour)));
        }
    }

    private static byte[] firstEntry(byte[] zip) {
        ByteBuffer header = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        int data = 30 + header.getShort(26) + header.getShort(28);
        return Arrays.copyOfRange(zip, data, data + header.getInt(18));
    }

    /** One picture that is wrong and four that are right. */
    private static byte[] stack(byte[] wrong) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        byte[] right = firstEntry(radar("png8.zip"));
        for (int frame = 0; frame < 5; frame++) {
            entries.put("frame%d.png".formatted(frame), frame == 2 ? wrong : right);
        }
        return archive(entries);
    }

    static byte[] archive(Map<String, byte[]> entries) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        return out.toByteArray();
    }

    private static byte[] promising(int width, int height, int depth, int colour) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 26, '\n'});
        chunk(
                out,
                "IHDR",
                ByteBuffer.allocate(13)
                        .putInt(width)
                        .putInt(height)
                        .put((byte) depth)
                        .put((byte) colour)
                        .array());
        chunk(out, "IDAT", deflated(1 << 16));
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    private static byte[] deflated(int zeros) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
            deflater.write(new byte[zeros]);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        return out.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream out, String kind, byte[] data) {
        byte[] name = kind.getBytes(StandardCharsets.US_ASCII);
        CRC32 checksum = new CRC32();
        checksum.update(name);
        checksum.update(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        out.writeBytes(name);
        out.writeBytes(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array());
    }

    /** Far more than was sent: zeros, archives in archives, entries by the thousand. */
    private void bombs() {
        for (int megabytes : new int[] {100, 150, 300}) {
            byte[] zeros = new byte[megabytes << 20];
            add(
                    "bomb: %d MB of zeros as NPY".formatted(megabytes),
                    ZIP,
                    archive(Map.of("frames.npy", zeros)));
            add(
                    "bomb: %d MB of zeros as PNG".formatted(megabytes),
                    ZIP,
                    archive(Map.of("a.png", zeros)));
            add(
                    "bomb: %d MB of zeros as NPZ".formatted(megabytes),
                    "application/x-npz",
                    archive(Map.of("frames.npy", zeros, "b.npy", new byte[1])));
            byte[] inner = archive(Map.of("frames.zip", archive(Map.of("frames.npy", zeros))));
            add("bomb: %d MB of zeros in archives".formatted(megabytes), ZIP, inner);
        }
        for (int count : new int[] {257, 1000, 20_000, 65_000}) {
            Map<String, byte[]> entries = new LinkedHashMap<>();
            for (int entry = 0; entry < count; entry++) {
                entries.put(entry + ".png", new byte[0]);
            }
            add("bomb: %d entries".formatted(count), ZIP, archive(entries));
        }
        for (String name :
                List.of(
                        "../a.png",
                        "/a.png",
                        "a/../../b.png",
                        "..\\a.png",
                        "C:\\a.png",
                        "\u0000.png")) {
            byte[] right = firstEntry(radar("png8.zip"));
            add("bomb: entry called " + name, ZIP, archive(Map.of(name, right)));
        }
    }

    /** Grids below the least that is taken, so that no change of a byte makes them right. */
    private void radarFiles() {
        for (String name :
                List.of(
                        "odim_dbzh.h5",
                        "odim_plain.h5",
                        "odim_accumulation.h5",
                        "cf3.nc",
                        "cf4.nc",
                        "cf5.nc",
                        "float.tif",
                        "integer.tif",
                        "predictor.tif",
                        "palette.gif",
                        "grey.pgm",
                        "wide.pgm.gz",
                        "frames.npz",
                        "frames_compressed.npz")) {
            byte[] file = read(CODEC.resolve(name));
            String kind = name.substring(name.indexOf('.') + 1).toUpperCase(java.util.Locale.ROOT);
            for (int cut = 0; cut < 25; cut++) {
                int length = random.nextInt(file.length);
                add(
                        "%s: %s cut at %d (%d)".formatted(kind, name, length, cut),
                        "application/octet-stream",
                        Arrays.copyOf(file, length));
            }
            for (int change = 0; change < 40; change++) {
                byte[] spoilt = file.clone();
                int places = 1 + random.nextInt(4);
                for (int place = 0; place < places; place++) {
                    int reach = change % 2 == 0 ? Math.min(file.length, 512) : file.length;
                    spoilt[random.nextInt(reach)] = (byte) random.nextInt(256);
                }
                add(
                        "%s: %s changed (%d)".formatted(kind, name, change),
                        "application/octet-stream",
                        spoilt);
            }
        }
    }

    /** Bytes without meaning behind the first ones of a format, under every media type. */
    private void noise() {
        byte[][] starts = {
            {},
            {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0},
            {'P', 'K', 3, 4},
            {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 26, '\n'},
            {'C', 'D', 'F', 1},
            {'C', 'D', 'F', 5},
            {'I', 'I', 42, 0},
            {'M', 'M', 0, 42},
            {'G', 'I', 'F', '8', '9', 'a'},
            {'P', '5', '\n'},
            {31, (byte) 139, 8},
            {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 26, '\n'},
        };
        for (String type :
                List.of(
                        NPY,
                        "application/x-npz",
                        ZIP,
                        "application/octet-stream",
                        "application/x-hdf5",
                        "application/x-netcdf",
                        "image/tiff",
                        "image/gif",
                        "image/x-portable-graymap",
                        "application/gzip")) {
            for (byte[] start : starts) {
                byte[] body = new byte[200 + random.nextInt(4000)];
                random.nextBytes(body);
                System.arraycopy(start, 0, body, 0, start.length);
                add("noise: %s as %s".formatted(Arrays.toString(start), type), type, body);
            }
        }
    }
}
