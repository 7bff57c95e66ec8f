package io.nowcast.codec;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads frames from an NPZ, a ZIP of NPY arrays: {@code frames}, else the only array besides {@code
 * times}. The optional {@code times} are T epoch seconds as int64 or float64, strictly increasing.
 * Other entries are not looked at.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.savez.html">numpy.savez</a>
 */
final class NpzReader {

    static final String ARRAY_SUFFIX = ".npy";

    private static final String FRAMES = "frames.npy";
    private static final String TIMES = "times.npy";

    /** The last second that an {@link Instant} can tell. */
    private static final double LATEST_SECOND = Instant.MAX.getEpochSecond();

    private final CodecLimits limits;
    private final DecodingRules rules;

    NpzReader(CodecLimits limits, DecodingRules rules) {
        this.limits = limits;
        this.rules = rules;
    }

    DecodedFrames read(Section body) {
        ZipArchive archive = ZipArchive.open(body, limits);
        List<ArchiveEntry> arrays =
                archive.files().stream()
                        .filter(entry -> entry.name().endsWith(ARRAY_SUFFIX))
                        .toList();
        Section frames = archive.expand(framesEntry(body.name(), arrays));
        Optional<List<Instant>> times =
                named(arrays, TIMES).map(entry -> times(archive.expand(entry)));
        DecodedFrames decoded = new NpyReader(limits, rules).read(frames, FrameFormat.NPZ, times);
        int length = decoded.sequences().getFirst().length();
        if (times.isPresent() && times.get().size() != length) {
            throw new UnusableFramesException(
                    "times.npy: expected %d times, one a frame, got %d"
                            .formatted(length, times.get().size()));
        }
        return decoded;
    }

    private static ArchiveEntry framesEntry(String where, List<ArchiveEntry> arrays) {
        Optional<ArchiveEntry> named = named(arrays, FRAMES);
        if (named.isPresent()) {
            return named.get();
        }
        List<ArchiveEntry> others =
                arrays.stream().filter(entry -> !entry.name().equals(TIMES)).toList();
        if (others.size() != 1) {
            throw new UnusableFramesException(
                    "%s: expected an array 'frames' or a single array besides 'times', got %s"
                            .formatted(where, others.stream().map(ArchiveEntry::name).toList()));
        }
        return others.getFirst();
    }

    private static Optional<ArchiveEntry> named(List<ArchiveEntry> arrays, String name) {
        return arrays.stream().filter(entry -> entry.name().equals(name)).findFirst();
    }

    private List<Instant> times(Section section) {
        NpyHeader header = NpyHeaderReader.read(section);
        NpyType type = header.type();
        if (header.shape().size() != 1
                || type.bytes() != Long.BYTES
                || type.kind() == NpyType.Kind.UNSIGNED) {
            throw new UnusableFramesException(
                    "%s: expected epoch seconds as int64 or float64 of shape [T], got %s of %s"
                            .formatted(section.name(), header.shapeText(), type));
        }
        long count = header.shape().getFirst();
        limits.admitFrames(section.name(), count);
        NpyReader.requireData(section, header, count);
        ByteBuffer data =
                section.bytes(header.dataOffset(), (int) count * Long.BYTES, type.order());
        List<Instant> times = new ArrayList<>();
        while (data.hasRemaining()) {
            Instant time = type.integer() ? whole(section, data) : fractional(section, data);
            if (!times.isEmpty() && !time.isAfter(times.getLast())) {
                throw new UnusableFramesException(
                        "%s: times must increase, but time %d (%s) follows %s"
                                .formatted(section.name(), times.size(), time, times.getLast()));
            }
            times.add(time);
        }
        return times;
    }

    private static Instant whole(Section section, ByteBuffer data) {
        long seconds = data.getLong();
        if (Math.abs((double) seconds) >= LATEST_SECOND) {
            throw outOfRange(section, Long.toString(seconds));
        }
        return Instant.ofEpochSecond(seconds);
    }

    private static Instant fractional(Section section, ByteBuffer data) {
        double seconds = data.getDouble();
        if (!(Math.abs(seconds) < LATEST_SECOND)) {
            throw outOfRange(section, Double.toString(seconds));
        }
        double floor = Math.floor(seconds);
        return Instant.ofEpochSecond((long) floor, Math.round((seconds - floor) * 1e9));
    }

    private static UnusableFramesException outOfRange(Section section, String value) {
        return new UnusableFramesException(
                "%s: expected epoch seconds, got %s".formatted(section.name(), value));
    }
}
