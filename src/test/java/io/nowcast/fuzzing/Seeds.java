package io.nowcast.fuzzing;

import io.nowcast.testing.NetworkFixture;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/** Good and bad inputs to begin with: the fixtures of other tests, and what fuzzing found. */
final class Seeds {

    private static final Path RESOURCES = Path.of("src/test/resources");
    private static final int LARGEST = 1 << 15;

    private Seeds() {}

    static List<byte[]> of(FuzzTarget target) {
        List<byte[]> seeds = new ArrayList<>();
        switch (target) {
            case NPY -> {
                seeds.addAll(entries("codec", "npy_shapes.zip"));
                seeds.addAll(entries("codec", "npy_variants.zip"));
                seeds.addAll(entries("codec", "npy_refused.zip"));
            }
            case NPZ -> seeds.addAll(files("codec", ".npz"));
            case ZIP_STACK -> {
                seeds.addAll(files("radar", ".zip"));
                seeds.addAll(files("codec", ".zip"));
            }
            case PNG_STACK -> seeds.addAll(files("codec", ".zip"));
            case HDF5 -> {
                seeds.addAll(files("codec", ".h5"));
                seeds.addAll(files("codec", "cf4.nc"));
            }
            case NETCDF -> {
                seeds.addAll(files("codec", "cf3.nc"));
                seeds.addAll(files("codec", "cf5.nc"));
            }
            case TIFF -> {
                seeds.addAll(files("codec", ".tif"));
                seeds.addAll(entries("radar", "geotiff.zip"));
            }
            case GIF -> seeds.addAll(files("codec", ".gif"));
            case PGM -> {
                seeds.addAll(files("codec", ".pgm"));
                seeds.addAll(files("codec", ".pgm.gz"));
            }
            case PICKLE -> seeds.addAll(pickles());
            case CHECKPOINT_ZIP -> {
                for (String name :
                        List.of("kinds.bin", "deflated.bin", "net_param.bin", "own_wrapper.bin")) {
                    seeds.addAll(files("checkpoint", name));
                }
                seeds.addAll(files("networks/gru", ".pth"));
            }
            case CHECKPOINT_LEGACY -> {
                seeds.addAll(files("checkpoint", "legacy.bin"));
                seeds.addAll(files("checkpoint", "legacy_protocol4.bin"));
            }
            case SAFETENSORS -> {
                seeds.addAll(files("checkpoint", ".safetensors"));
                seeds.addAll(files("networks/holmdk-f16", ".safetensors"));
            }
            case LAYOUT -> seeds.addAll(layouts());
            case MANIFEST -> {
                seeds.add(read(Path.of("src/main/resources/models/radar-convgru/model.yaml")));
                seeds.add(text("name: a\nsteps: &s {a: *s}\n"));
            }
            case MULTIPART -> {
                seeds.add(joined(entries("codec", "grey8.zip")));
                seeds.add(joined(files("codec", ".tif")));
                seeds.add(joined(entries("codec", "npy_shapes.zip").subList(0, 1)));
            }
            case INFERENCE -> seeds.addAll(inferences());
            case GZIP -> {
                seeds.add(gzip(new byte[3000]));
                seeds.add(gzip(text("\u0093NUMPY and more")));
                seeds.addAll(files("codec", ".pgm.gz"));
            }
            case GEOJSON -> seeds.addAll(geoJson());
        }
        seeds.removeIf(seed -> seed.length > LARGEST);
        seeds.addAll(found(target));
        return seeds;
    }

    /** Inputs that once broke a target; the name of a file says how. */
    static List<byte[]> found(FuzzTarget target) {
        Path folder = RESOURCES.resolve("fuzzing").resolve(target.name().toLowerCase(Locale.ROOT));
        return Files.isDirectory(folder) ? files("fuzzing/" + folder.getFileName(), "") : List.of();
    }

    private static List<byte[]> inferences() {
        String json =
                "{\"id\":\"a\",\"parameters\":{\"steps\":3,\"binary_data_output\":true},\"inputs\":[{\"name\":\"frames\",\"shape\":[2,2,2],\"datatype\":\"FP32\",%s}],\"outputs\":[{\"name\":\"forecast\"}]}";
        String numbers = json.formatted("\"data\":[[[1,2],[3.5,null]],[[true,1e3],[0,-1]]]");
        String binary = json.formatted("\"parameters\":{\"binary_data_size\":32}");
        return List.of(
                text(numbers),
                text("%04x%s%s".formatted(binary.length(), binary, "\0".repeat(32))));
    }

    private static List<byte[]> layouts() {
        try {
            return NetworkFixture.all().stream()
                    .map(fixture -> text(LayoutInput.text(fixture)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<byte[]> geoJson() {
        return List.of(
                text("{\"type\":\"Polygon\",\"coordinates\":[[[1,2],[3,4],[5,6.5],[1,2]]]}"),
                text(
                        "{\"type\":\"Feature\",\"geometry\":{\"type\":\"MultiPolygon\",\"coordinates\":[[[[1e1,2],[3,4],[5,6],[1e1,2]]]]}}"));
    }

    /**
     * The directory is read, since stored entries of {@code torch.save} have no sizes before them.
     */
    private static List<byte[]> pickles() {
        List<byte[]> pickles = new ArrayList<>();
        for (String name : List.of("net_param.bin", "own_wrapper.bin", "lightning.bin")) {
            Path file = RESOURCES.resolve("checkpoint").resolve(name);
            try (ZipFile archive = new ZipFile(file.toFile())) {
                for (ZipEntry entry : Collections.list(archive.entries())) {
                    if (entry.getName().endsWith("data.pkl")) {
                        pickles.add(archive.getInputStream(entry).readAllBytes());
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return pickles;
    }

    private static byte[] joined(List<byte[]> parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            if (all.size() > 0) {
                all.writeBytes(FuzzTarget.BOUNDARY);
            }
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static List<byte[]> entries(String folder, String ending) {
        return files(folder, ending).stream().flatMap(zip -> unzip(zip).stream()).toList();
    }

    private static List<byte[]> unzip(byte[] archive) {
        List<byte[]> entries = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries.add(zip.readAllBytes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return entries;
    }

    private static List<byte[]> files(String folder, String ending) {
        try (Stream<Path> files = Files.list(RESOURCES.resolve(folder))) {
            return files.filter(file -> file.getFileName().toString().endsWith(ending))
                    .sorted()
                    .map(Seeds::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] gzip(byte[] content) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
