package io.nowcast.benchmark;

import io.nowcast.testing.PngFile;
import io.nowcast.testing.ZipFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * ZIP archives that are wrong for certain, as a whole or in a picture that they hold, or that take
 * far more than was sent. The same list every time.
 */
final class HostileArchives {

    private static final String ZIP = "application/zip";
    private static final int ZEROS = 1 << 16;

    private final List<HostileRequest> requests = new ArrayList<>();
    private final Random random = new Random(7);

    private HostileArchives() {}

    static List<HostileRequest> all() {
        HostileArchives all = new HostileArchives();
        all.archives();
        all.pictures();
        all.bombs();
        return all.requests;
    }

    private void add(String name, String contentType, byte[] body) {
        requests.add(HostileRequest.forecast(name, contentType, body));
    }

    /** Cut anywhere an archive has lost its directory; a flipped byte breaks a checksum. */
    private void archives() {
        for (String name : List.of("png8", "png16", "geotiff", "odim", "pgm")) {
            byte[] zip = HostileRequest.radar(name + ".zip");
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
        byte[] good = firstEntry(HostileRequest.radar("png8.zip"));
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
                    stack(PngFile.promising(size[0], size[1], 8, 0, ZEROS)));
        }
        for (int depth : new int[] {0, 3, 5, 7, 9, 15, 17, 32, 64, 128, 255}) {
            add("PNG: of depth " + depth, ZIP, stack(PngFile.promising(64, 64, depth, 0, ZEROS)));
        }
        for (int colour : new int[] {1, 2, 4, 5, 6, 7, 8, 100, 255}) {
            add(
                    "PNG: of colour type " + colour,
                    ZIP,
                    stack(PngFile.promising(64, 64, 8, colour, ZEROS)));
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
        byte[] right = firstEntry(HostileRequest.radar("png8.zip"));
        for (int frame = 0; frame < 5; frame++) {
            entries.put("frame%d.png".formatted(frame), frame == 2 ? wrong : right);
        }
        return ZipFile.deflated(entries);
    }

    /** Far more than was sent: zeros, archives in archives, entries by the thousand. */
    private void bombs() {
        for (int megabytes : new int[] {100, 150, 300}) {
            byte[] zeros = new byte[megabytes << 20];
            add(
                    "bomb: %d MB of zeros as NPY".formatted(megabytes),
                    ZIP,
                    ZipFile.deflated(Map.of("frames.npy", zeros)));
            add(
                    "bomb: %d MB of zeros as PNG".formatted(megabytes),
                    ZIP,
                    ZipFile.deflated(Map.of("a.png", zeros)));
            add(
                    "bomb: %d MB of zeros as NPZ".formatted(megabytes),
                    "application/x-npz",
                    ZipFile.deflated(Map.of("frames.npy", zeros, "b.npy", new byte[1])));
            byte[] inner =
                    ZipFile.deflated(
                            Map.of("frames.zip", ZipFile.deflated(Map.of("frames.npy", zeros))));
            add("bomb: %d MB of zeros in archives".formatted(megabytes), ZIP, inner);
        }
        for (int count : new int[] {257, 1000, 20_000, 65_000}) {
            Map<String, byte[]> entries = new LinkedHashMap<>();
            for (int entry = 0; entry < count; entry++) {
                entries.put(entry + ".png", new byte[0]);
            }
            add("bomb: %d entries".formatted(count), ZIP, ZipFile.deflated(entries));
        }
        for (String name :
                List.of(
                        "../a.png",
                        "/a.png",
                        "a/../../b.png",
                        "..\\a.png",
                        "C:\\a.png",
                        "\u0000.png")) {
            byte[] right = firstEntry(HostileRequest.radar("png8.zip"));
            add("bomb: entry called " + name, ZIP, ZipFile.deflated(Map.of(name, right)));
        }
    }
}
