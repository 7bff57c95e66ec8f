package io.nowcast.codec;

import io.nowcast.frames.FrameSequence;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads one sequence from files of radar networks: ODIM_H5, KNMI HDF5, CF NetCDF, GeoTIFF, PGM and
 * palette GIF, one or several frames a file, in the order given. All must be of one kind, grid and
 * unit; times, where the files tell them, must increase.
 */
final class RadarFileReader {

    private final CodecLimits limits;
    private final DecodingRules rules;
    private final Hdf5Allowance allowance;

    /** For one body. */
    RadarFileReader(CodecLimits limits, DecodingRules rules) {
        this.limits = limits;
        this.rules = rules;
        this.allowance = new Hdf5Allowance(limits);
    }

    /**
     * Reads the files.
     *
     * @param where what holds them, for messages
     * @param sections at least one
     */
    DecodedFrames read(String where, List<Section> sections) {
        Signature kind = Signature.UNKNOWN;
        List<RadarFile> files = new ArrayList<>();
        // All of them are kept until the last has told its grid.
        long room = limits.expandedBytes();
        for (Section packed : sections) {
            Section section = Gzip.unpack(packed, room);
            room -= section.equals(packed) ? 0 : section.length();
            Signature found = Signature.of(section);
            requireRadarFile(section, found);
            if (!files.isEmpty() && found != kind) {
                throw new UnusableFramesException(
                        "%s: %s among files of another kind: %s is %s"
                                .formatted(
                                        section.name(),
                                        Signature.describe(section),
                                        files.getFirst().name(),
                                        kind.description()));
            }
            kind = found;
            files.add(open(section, kind));
            requireAlike(files.getLast(), files.getFirst());
        }
        return decode(where, files, kind);
    }

    private static void requireRadarFile(Section section, Signature found) {
        if (!found.radarFile()) {
            throw new UnsupportedBodyException(
                    "%s: expected %s; got %s"
                            .formatted(
                                    section.name(), Signature.KINDS, Signature.describe(section)));
        }
    }

    private RadarFile open(Section section, Signature kind) {
        return switch (kind) {
            case HDF5 -> hdf5(section);
            case NETCDF -> new CfReader(limits).open(section.name(), NetcdfFile.open(section));
            case TIFF -> new GeoTiffReader(limits, rules).open(section);
            case PGM -> new PgmReader(limits, rules).open(section);
            case GIF -> new GifReader(limits, rules).open(section);
            case NPY, ZIP, PNG, GZIP, FOREIGN, UNKNOWN ->
                    throw new IllegalArgumentException("no radar file: " + kind);
        };
    }

    private RadarFile hdf5(Section section) {
        Hdf5File file = Hdf5File.open(section, limits, allowance);
        if (file.hasGroup("geographic") && file.hasGroup("overview")) {
            return KnmiReader.open(file, limits);
        }
        if (file.hasGroup("what") || file.hasGroup("dataset1")) {
            return OdimReader.open(file, limits);
        }
        return new CfReader(limits).open(section.name(), file);
    }

    private static void requireAlike(RadarFile file, RadarFile first) {
        FrameContent content = file.content();
        FrameContent expected = first.content();
        if (!content.grid().equals(expected.grid())) {
            throw differs(file, first, "a grid of " + content.grid(), expected.grid().toString());
        }
        if (content.unit() != expected.unit()) {
            throw differs(file, first, "values in " + content.unit(), expected.unit().symbol());
        }
        if (!content.accumulation().equals(expected.accumulation())) {
            throw differs(
                    file,
                    first,
                    "sums over " + said(content.accumulation()),
                    said(expected.accumulation()));
        }
        if (!content.zr().equals(expected.zr())) {
            throw differs(file, first, "a Z-R of " + said(content.zr()), said(expected.zr()));
        }
        boolean samePlace =
                content.map().isEmpty() == expected.map().isEmpty()
                        && content.map()
                                .flatMap(map ->
                                        expected.map()
                                                .map(other ->
                                                        map.coincidesWith(other, content.grid())))
                                .orElse(true);
        if (!samePlace) {
            throw differs(file, first, "a grid at " + said(content.map()), said(expected.map()));
        }
    }

    private static String said(Optional<?> value) {
        return value.isPresent() ? value.get().toString() : "none stated";
    }

    private static UnusableFramesException differs(
            RadarFile file, RadarFile first, String found, String expected) {
        return new UnusableFramesException(
                "%s has %s, %s has %s; all frames must be of one grid and unit"
                        .formatted(file.name(), found, first.name(), expected));
    }

    private DecodedFrames decode(String where, List<RadarFile> files, Signature kind) {
        FrameContent content = files.getFirst().content();
        int frames = 0;
        for (RadarFile file : files) {
            frames = Math.addExact(frames, file.frames());
            limits.admitFrames(where, frames);
        }
        float[] values =
                new float
                        [limits.admit(
                                where, 1, frames, content.grid().height(), content.grid().width())];
        int start = 0;
        for (RadarFile file : files) {
            file.pixels().decode(values, start);
            start += file.frames() * (int) content.grid().pixels();
        }
        Optional<List<Instant>> times = times(files);
        times.ifPresent(known -> requireAccumulationFits(content, known));
        return new DecodedFrames(
                List.of(new FrameSequence(frames, content.grid(), content.unit(), values)),
                false,
                kind.answerFormat(),
                content.encoding(),
                content.bits(),
                times,
                content.map(),
                content.zr());
    }

    /** The times of all frames, or of none: those of some would leave the others to guessing. */
    private static Optional<List<Instant>> times(List<RadarFile> files) {
        List<Instant> times = new ArrayList<>();
        for (RadarFile file : files) {
            if (file.times().isEmpty() != files.getFirst().times().isEmpty()) {
                throw new UnusableFramesException(
                        "%s tells %s, %s tells %s; all files must tell their times, or none"
                                .formatted(
                                        file.name(),
                                        file.times().isEmpty()
                                                ? "no time"
                                                : file.times().getFirst(),
                                        files.getFirst().name(),
                                        files.getFirst().times().isEmpty()
                                                ? "none"
                                                : files.getFirst().times().getFirst()));
            }
            for (Instant time : file.times()) {
                if (!times.isEmpty() && !time.isAfter(times.getLast())) {
                    throw new UnusableFramesException(
                            "%s: frame %d is of %s, the one before it of %s; frames go oldest first, each time once (in a ZIP, in the order of their names)"
                                    .formatted(file.name(), times.size(), time, times.getLast()));
                }
                times.add(time);
            }
        }
        return times.isEmpty() ? Optional.empty() : Optional.of(times);
    }

    /** Depths are per interval between frames; a sum over another time is something else. */
    private static void requireAccumulationFits(FrameContent content, List<Instant> times) {
        if (content.accumulation().isEmpty() || times.size() < 2) {
            return;
        }
        Duration period = content.accumulation().get();
        Duration spacing = Duration.between(times.getFirst(), times.get(1));
        if (!period.equals(spacing)) {
            throw new UnusableFramesException(
                    "the frames are sums over %s but come %s apart; send rates, or sums over the interval between frames"
                            .formatted(period, spacing));
        }
    }
}
