package io.nowcast.codec;

import java.time.Instant;
import java.util.List;

/**
 * A file of a radar network, opened: everything but its pixels is read and checked.
 *
 * @param name for messages
 * @param frames number of frames, at least 1
 * @param times the instants of the frames; empty where the file does not tell them
 * @param pixels reads the frames
 */
record RadarFile(
        String name, FrameContent content, int frames, List<Instant> times, Pixels pixels) {

    RadarFile {
        times = List.copyOf(times);
    }

    /** Reads all frames of a file, once. */
    @FunctionalInterface
    interface Pixels {
        /**
         * Writes {@code [frames, H, W]} physical values, NaN where missing.
         *
         * @param start where the first frame begins in the values
         * @throws CodecException if the pixels are damaged
         */
        void decode(float[] values, int start);
    }
}
