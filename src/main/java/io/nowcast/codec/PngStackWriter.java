package io.nowcast.codec;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.PixelEncoding;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a forecast as a ZIP of PNGs and a {@code metadata.json}. A PNG is named by its lead time,
 * {@code +005min.png}, or {@code +0150s.png} where the interval is no whole number of minutes; the
 * sequences of a batch stand in folders {@code 0/}, {@code 1/}, ...
 */
final class PngStackWriter {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private PngStackWriter() {}

    /**
     * Writes the archive, once every value is known to fit.
     *
     * @throws UnusableFramesException if a value is missing and the encoding has no fill value
     */
    static void write(ForecastDocument document, OutputStream out) throws IOException {
        PixelEncoding encoding = document.pixelEncoding();
        if (encoding.unit() != document.unit()) {
            throw new IllegalArgumentException(
                    "expected frames in %s, as their PNG encoding is, got %s"
                            .formatted(encoding.unit(), document.unit()));
        }
        PixelQuantiser quantiser = new PixelQuantiser(encoding, document.bits());
        document.sequences().forEach(quantiser::requireHolds);
        List<String> names = fileNames(document);
        try (PngEncoder encoder = new PngEncoder(quantiser, document.bits());
                StoredZip zip = new StoredZip(out)) {
            for (int index = 0; index < document.sequences().size(); index++) {
                FrameSequence sequence = document.sequences().get(index);
                String folder = document.batched() ? index + "/" : "";
                for (int frame = 0; frame < sequence.length(); frame++) {
                    zip.add(folder + names.get(frame), encoder.encode(sequence, frame));
                }
            }
            zip.add("metadata.json", JSON.writeValueAsBytes(metadata(document, names)));
        }
    }

    private static List<String> fileNames(ForecastDocument document) {
        boolean wholeMinutes = document.leadTimes().interval().toMillis() % 60_000 == 0;
        return document.leadTimes().leads().stream()
                .map(lead -> fileName(lead, wholeMinutes))
                .toList();
    }

    private static String fileName(Duration lead, boolean wholeMinutes) {
        return wholeMinutes
                ? "+%03dmin.png".formatted(lead.toMinutes())
                : "+%04ds.png".formatted(lead.toSeconds());
    }

    private static Map<String, Object> metadata(ForecastDocument document, List<String> names) {
        Map<String, Object> metadata = new LinkedHashMap<>(document.metadata());
        GridShape grid = document.grid();
        metadata.put("units", document.unit().symbol());
        metadata.put("grid", ForecastJson.grid(grid));
        metadata.put("steps", document.leadTimes().steps());
        if (document.batched()) {
            metadata.put("batch", document.sequences().size());
        }
        metadata.put("encoding", encoding(document));
        List<Map<String, Object>> leadTimes = new ArrayList<>();
        for (int step = 0; step < names.size(); step++) {
            Map<String, Object> leadTime = new LinkedHashMap<>();
            leadTime.put("file", names.get(step));
            leadTime.putAll(ForecastJson.leadTime(document.leadTimes(), step));
            leadTimes.add(leadTime);
        }
        metadata.put("leadTimes", leadTimes);
        return metadata;
    }

    /** Under the names of the CF conventions, which are those of the query parameters too. */
    private static Map<String, Object> encoding(ForecastDocument document) {
        PixelEncoding encoding = document.pixelEncoding();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("bits", document.bits());
        fields.put("scale_factor", encoding.scaleFactor());
        fields.put("add_offset", encoding.addOffset());
        encoding.fillValue().ifPresent(fill -> fields.put("fill_value", fill));
        return fields;
    }
}
