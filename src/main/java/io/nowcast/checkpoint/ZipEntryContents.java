package io.nowcast.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The contents of a ZIP entry. PyTorch stores tensors as they are, but deflates program texts.
 *
 * @param raw the bytes in the file
 * @param length of the contents in bytes; that of {@code raw} unless deflated
 */
record ZipEntryContents(String name, MemorySegment raw, boolean deflated, long length) {

    /** A few bytes can unfold into a thousand times as many. */
    private static final long LONGEST_INFLATED = 1 << 24;

    /**
     * The contents in place, without a copy.
     *
     * @throws CheckpointException.Unsupported if they are compressed
     */
    MemorySegment stored() {
        if (deflated) {
            throw new CheckpointException.Unsupported(
                    "entry '%s' is compressed, but torch.save stores tensors as they are"
                            .formatted(name));
        }
        return raw;
    }

    /**
     * The contents, copied if they are compressed.
     *
     * @throws CheckpointException.Malformed if they are damaged or longer than any text of PyTorch
     */
    MemorySegment inflated() {
        if (!deflated) {
            return raw;
        }
        if (length < 0 || Math.max(length, raw.byteSize()) > LONGEST_INFLATED) {
            throw malformed(
                    "longer than %d, or its %d bytes are"
                            .formatted(LONGEST_INFLATED, raw.byteSize()));
        }
        byte[] contents = new byte[(int) length + 1];
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(raw.asByteBuffer());
            int count = inflater.inflate(contents);
            if (count != length || !inflater.finished()) {
                throw malformed("it yields %d or does not end".formatted(count));
            }
        } catch (DataFormatException e) {
            throw malformed(String.valueOf(e.getMessage()));
        } finally {
            inflater.end();
        }
        return MemorySegment.ofArray(contents).asSlice(0, length);
    }

    private CheckpointException.Malformed malformed(String reason) {
        return new CheckpointException.Malformed(
                "entry '%s' cannot be inflated to %d bytes: %s".formatted(name, length, reason));
    }
}
