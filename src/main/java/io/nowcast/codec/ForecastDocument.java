package io.nowcast.codec;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.LeadTimes;
import io.nowcast.frames.MapGrid;
import io.nowcast.frames.PixelEncoding;
import io.nowcast.frames.RainUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A forecast on its way out, in the unit that the client asked for.
 *
 * @param sequences B sequences of S frames each, equal in length, grid and unit; at least one
 * @param batched whether the answer has a batch dimension; required where B is above 1
 * @param leadTimes the S lead times
 * @param pixelEncoding how PNGs hold the values; PNG needs it to be in the unit of the frames
 * @param bits width of the pixels of PNGs, 8 or 16
 * @param metadata what JSON answers open with, in this order: strings, numbers, booleans, instants,
 *     lists and maps
 * @param map where the grid lies, where it is known
 */
public record ForecastDocument(
        List<FrameSequence> sequences,
        boolean batched,
        LeadTimes leadTimes,
        PixelEncoding pixelEncoding,
        int bits,
        Map<String, Object> metadata,
        Optional<MapGrid> map) {

    public ForecastDocument {
        sequences = List.copyOf(sequences);
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        if (sequences.isEmpty() || (sequences.size() > 1 && !batched)) {
            throw new IllegalArgumentException(
                    "expected one sequence or a batch, got %d sequences, batched=%s"
                            .formatted(sequences.size(), batched));
        }
        FrameSequence first = sequences.getFirst();
        for (FrameSequence sequence : sequences) {
            if (sequence.length() != leadTimes.steps()
                    || !sequence.grid().equals(first.grid())
                    || sequence.unit() != first.unit()) {
                throw new IllegalArgumentException(
                        "expected %d frames of %s in %s, got %d of %s in %s"
                                .formatted(
                                        leadTimes.steps(),
                                        first.grid(),
                                        first.unit(),
                                        sequence.length(),
                                        sequence.grid(),
                                        sequence.unit()));
            }
        }
        if (bits != 8 && bits != 16) {
            throw new IllegalArgumentException("PNG pixels have 8 or 16 bits, got " + bits);
        }
    }

    /** A forecast of which it is not known where it lies. */
    public ForecastDocument(
            List<FrameSequence> sequences,
            boolean batched,
            LeadTimes leadTimes,
            PixelEncoding pixelEncoding,
            int bits,
            Map<String, Object> metadata) {
        this(sequences, batched, leadTimes, pixelEncoding, bits, metadata, Optional.empty());
    }

    /** The only sequence, of a format that holds one. */
    FrameSequence onlySequence() {
        return sequences.getFirst();
    }

    GridShape grid() {
        return sequences.getFirst().grid();
    }

    RainUnit unit() {
        return sequences.getFirst().unit();
    }
}
