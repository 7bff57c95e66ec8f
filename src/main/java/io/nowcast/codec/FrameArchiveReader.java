package io.nowcast.codec;

import java.util.List;

/**
 * Reads one sequence from a ZIP of PNG images or of files of a radar network, in the natural order
 * of their names. Ignored are folders, hidden files, macOS's resource forks and a {@code
 * metadata.json}, so that an answer can be sent back.
 */
final class FrameArchiveReader {

    private static final String METADATA = "metadata.json";

    private final CodecLimits limits;
    private final DecodingRules rules;

    FrameArchiveReader(CodecLimits limits, DecodingRules rules) {
        this.limits = limits;
        this.rules = rules;
    }

    DecodedFrames read(Section body) {
        ZipArchive archive = ZipArchive.open(body, limits);
        List<ArchiveEntry> frames =
                archive.files().stream()
                        .filter(entry -> !ignored(entry))
                        .sorted((a, b) -> NaturalOrder.compare(a.name(), b.name()))
                        .toList();
        limits.admitFrames(body.name(), frames.size());
        List<Section> files = frames.stream().map(archive::expand).toList();
        if (!files.isEmpty() && holdsRadarFiles(files.getFirst())) {
            return new RadarFileReader(limits, rules).read(body.name(), files);
        }
        return new PngStackReader(limits, rules).read(body.name(), files);
    }

    /** Whether the files are of a radar network, or of a kind that it can say something about. */
    private static boolean holdsRadarFiles(Section first) {
        Signature signature = Signature.of(first);
        return signature.radarFile() || signature == Signature.FOREIGN;
    }

    private static boolean ignored(ArchiveEntry entry) {
        return entry.name().startsWith("__MACOSX/")
                || entry.fileName().startsWith(".")
                || entry.fileName().equals(METADATA);
    }
}
