package io.nowcast.benchmark;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Files of radar networks that are cut or changed, and bytes without meaning. The same list every
 * time.
 */
final class HostileFiles {

    private static final Path CODEC = Path.of("src/test/resources/codec");

    private final List<HostileRequest> requests = new ArrayList<>();
    private final Random random = new Random(7);

    private HostileFiles() {}

    static List<HostileRequest> all() {
        HostileFiles all = new HostileFiles();
        all.radarFiles();
        all.noise();
        return all.requests;
    }

    private void add(String name, String contentType, byte[] body) {
        requests.add(HostileRequest.forecast(name, contentType, body));
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
            byte[] file = HostileRequest.read(CODEC.resolve(name));
            String kind = name.substring(name.indexOf('.') + 1).toUpperCase(Locale.ROOT);
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
                        "application/x-npy",
                        "application/x-npz",
                        "application/zip",
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
