package io.nowcast.benchmark;

import io.nowcast.codec.CodecLimits;
import io.nowcast.codec.DecodingRules;
import io.nowcast.codec.ForecastDocument;
import io.nowcast.codec.FrameCodec;
import io.nowcast.codec.FrameFormat;
import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.LeadTimes;
import io.nowcast.frames.PixelEncoding;
import io.nowcast.frames.RainUnit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Request bodies from frames, and frames from answers. */
final class FrameBodies {

    /** How the bundled model takes 8-bit integers. */
    private static final PixelEncoding EIGHT_BIT =
            new PixelEncoding(RainUnit.DBZ, 0.5, -32, OptionalDouble.of(255));

    private static final FrameCodec CODEC =
            new FrameCodec(new CodecLimits(1L << 30, 100, 16, 1 << 24, 200));

    private FrameBodies() {}

    /** A float32 NPY. */
    static byte[] npy(FrameSequence frames) {
        return encode(frames, FrameFormat.NPY);
    }

    /** A ZIP of 8-bit PNGs. */
    static byte[] pngStack(FrameSequence reflectivity) {
        return encode(reflectivity, FrameFormat.PNG_STACK);
    }

    private static byte[] encode(FrameSequence frames, FrameFormat format) {
        LeadTimes times = new LeadTimes(Duration.ofMinutes(5), frames.length(), Optional.empty());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            CODEC.encode(
                    new ForecastDocument(List.of(frames), false, times, EIGHT_BIT, 8, Map.of()),
                    format,
                    false,
                    out);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        return out.toByteArray();
    }

    /** An NPY of unsigned bytes, 255 where missing. */
    static byte[] npyOfBytes(FrameSequence reflectivity) {
        String header =
                "{'descr': '|u1', 'fortran_order': False, 'shape': (%d, %d, %d), }"
                        .formatted(
                                reflectivity.length(),
                                reflectivity.grid().height(),
                                reflectivity.grid().width());
        byte[] text = header.getBytes(StandardCharsets.US_ASCII);
        float[] values = reflectivity.values();
        ByteBuffer npy =
                ByteBuffer.allocate(10 + text.length + values.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
                        .putShort((short) text.length)
                        .put(text);
        for (float value : values) {
            npy.put(Float.isNaN(value) ? (byte) 255 : (byte) Math.round((value + 32) * 2));
        }
        return npy.array();
    }

    /** The forecast in an NPY or a ZIP of PNGs that was asked for in {@code unit}. */
    static FrameSequence decode(byte[] answer, RainUnit unit) {
        DecodingRules rules =
                new DecodingRules(unit, EIGHT_BIT, EIGHT_BIT, EIGHT_BIT, OptionalDouble.empty());
        return CODEC.decode(answer, rules).sequences().getFirst();
    }
}
