package io.nowcast.web;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * An answer as it is written, in blocks: it takes at most {@value #LARGEST_BLOCK} bytes of heap
 * more than it has, where an array that grows would take twice as many. Used by one thread.
 */
final class AnswerBytes extends OutputStream {

    static final int LARGEST_BLOCK = 1 << 20;

    /** A float32 as text, {@code -1.17549435E-38}, and a comma. */
    private static final int LONGEST_NUMBER = 16;

    private static final int FIRST_BLOCK = 1 << 14;

    private final List<byte[]> full = new ArrayList<>();
    private byte[] block = new byte[FIRST_BLOCK];
    private int used;
    private long size;

    /** By how much an answer of so many numbers as text is larger than one of float32. */
    static long textBeyondFloats(long numbers) {
        return numbers * (LONGEST_NUMBER - Float.BYTES);
    }

    @Override
    public void write(int oneByte) {
        requireRoom();
        block[used++] = (byte) oneByte;
        size++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        int written = 0;
        while (written < length) {
            requireRoom();
            int count = Math.min(length - written, block.length - used);
            System.arraycopy(bytes, offset + written, block, used, count);
            used += count;
            written += count;
        }
        size += length;
    }

    private void requireRoom() {
        if (used == block.length) {
            full.add(block);
            block = new byte[Math.min(2 * block.length, LARGEST_BLOCK)];
            used = 0;
        }
    }

    long size() {
        return size;
    }

    /** Heap that is taken. */
    long capacity() {
        return full.stream().mapToLong(whole -> whole.length).sum() + block.length;
    }

    void writeTo(OutputStream out) throws IOException {
        for (byte[] whole : full) {
            out.write(whole);
        }
        out.write(block, 0, used);
    }
}
