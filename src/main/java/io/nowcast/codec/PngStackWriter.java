package io.nowcast.codec;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.PixelEncoding;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a forecast as a ZIP of PNGs and a {@code metadata.json}. A PNG is named by its lead time,
 * {@code +005min.png}, or {@code +0150s.png} where the interval is no whole number of minutes; the
 * sequences of a batch stand in folders {@code 0/}, {@code 1/}, ...
 */
final class PngStackWriter {

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
        List<String> names = LeadFileNames.of(document.leadTimes(), "png");
        try (PngEncoder encoder = new PngEncoder(quantiser, document.bits());
                StoredZip zip = new StoredZip(out)) {
            for (int index = 0; index < document.sequences().size(); index++) {
                FrameSequence sequence = document.sequences().get(index);
                String folder = document.batched() ? index + "/" : "";
                for (int frame = 0; frame < sequence.length(); frame++) {
                    zip.add(folder + names.get(frame), encoder.encode(sequence, frame));
                }
            }
            zip.add("metadata.json", ForecastJson.metadata(document, names, encoding(document)));
        }
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
