package io.nowcast.benchmark;

import io.nowcast.codec.CodecLimits;
import io.nowcast.codec.DecodedFrames;
import io.nowcast.codec.DecodingRules;
import io.nowcast.codec.ForecastDocument;
import io.nowcast.codec.FrameCodec;
import io.nowcast.codec.FrameFormat;
import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.LeadTimes;
import io.nowcast.frames.PixelEncoding;
import io.nowcast.frames.RainUnit;
import io.nowcast.testing.ZipFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Decoding and encoding of 18 frames of 512x512 pixels, in milliseconds: 4 718 592 pixels, 18.9 MB
 * as float32. A smooth field moves over the grid and a third of it is dry, as rain is.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class CodecBenchmark {

    private static final int FRAMES = 18;
    private static final int SIDE = 512;
    private static final int PIXELS = FRAMES * SIDE * SIDE;

    private final FrameCodec codec =
            new FrameCodec(new CodecLimits(1L << 30, 100, 10, 1 << 20, 100));
    private final PixelEncoding encoding =
            new PixelEncoding(RainUnit.MILLIMETRES_PER_HOUR, 0.01, 0, OptionalDouble.of(65535));
    private final DecodingRules rules =
            new DecodingRules(
                    RainUnit.MILLIMETRES_PER_HOUR,
                    encoding,
                    encoding,
                    encoding,
                    OptionalDouble.empty());
    private final ForecastDocument forecast = forecast();

    private byte[] singles = {};
    private byte[] swapped = {};
    private byte[] fortran = {};
    private byte[] halves = {};
    private byte[] shorts = {};
    private byte[] bytes = {};
    private byte[] npz = {};
    private byte[] pngs = {};

    @Setup
    public void encodeBodies() throws IOException {
        singles = encode(FrameFormat.NPY);
        npz = ZipFile.stored(Map.of("frames.npy", singles));
        pngs = encode(FrameFormat.PNG_STACK);
        swapped = npy(">f4", false, Float.BYTES);
        fortran = npy("<f4", true, Float.BYTES);
        halves = npy("<f2", false, Short.BYTES);
        shorts = npy("<u2", false, Short.BYTES);
        bytes = npy("|u1", false, 1);
    }

    @Benchmark
    public DecodedFrames decodeNpyFloat32() {
        return codec.decode(singles, rules);
    }

    @Benchmark
    public DecodedFrames decodeNpyFloat32BigEndian() {
        return codec.decode(swapped, rules);
    }

    @Benchmark
    public DecodedFrames decodeNpyFloat32Fortran() {
        return codec.decode(fortran, rules);
    }

    @Benchmark
    public DecodedFrames decodeNpyFloat16() {
        return codec.decode(halves, rules);
    }

    @Benchmark
    public DecodedFrames decodeNpyUint16() {
        return codec.decode(shorts, rules);
    }

    @Benchmark
    public DecodedFrames decodeNpyUint8() {
        return codec.decode(bytes, rules);
    }

    @Benchmark
    public DecodedFrames decodeNpzFloat32() {
        return codec.decode(npz, rules);
    }

    @Benchmark
    public DecodedFrames decodePng16() {
        return codec.decode(pngs, rules);
    }

    @Benchmark
    public void encodeNpy() throws IOException {
        codec.encode(forecast, FrameFormat.NPY, false, OutputStream.nullOutputStream());
    }

    @Benchmark
    public void encodeNpz() throws IOException {
        codec.encode(forecast, FrameFormat.NPZ, false, OutputStream.nullOutputStream());
    }

    @Benchmark
    public void encodePng16() throws IOException {
        codec.encode(forecast, FrameFormat.PNG_STACK, false, OutputStream.nullOutputStream());
    }

    @Benchmark
    public void encodeJsonStatistics() throws IOException {
        codec.encode(forecast, FrameFormat.JSON, false, OutputStream.nullOutputStream());
    }

    @Benchmark
    public void encodeJsonValues() throws IOException {
        codec.encode(forecast, FrameFormat.JSON, true, OutputStream.nullOutputStream());
    }

    private byte[] encode(FrameFormat format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        codec.encode(forecast, format, false, out);
        return out.toByteArray();
    }

    private ForecastDocument forecast() {
        float[] values = new float[PIXELS];
        for (int i = 0; i < PIXELS; i++) {
            int frame = i / (SIDE * SIDE);
            int row = i / SIDE % SIDE;
            int column = i % SIDE;
            double wave = Math.sin((column + 3 * frame) / 40.0) + Math.cos((row - frame) / 30.0);
            values[i] = (float) Math.max(0, 5 * (wave + 0.6) + 0.05 * ((i * 31) % 7));
        }
        FrameSequence sequence =
                new FrameSequence(
                        FRAMES, new GridShape(SIDE, SIDE), RainUnit.MILLIMETRES_PER_HOUR, values);
        LeadTimes leads = new LeadTimes(Duration.ofMinutes(5), FRAMES, Optional.empty());
        return new ForecastDocument(List.of(sequence), false, leads, encoding, 16, Map.of());
    }

    /** An array of this type whose elements have all kinds of bits. */
    private static byte[] npy(String type, boolean fortran, int elementBytes) {
        String header =
                "{'descr': '%s', 'fortran_order': %s, 'shape': (%d, %d, %d), }"
                        .formatted(type, fortran ? "True" : "False", FRAMES, SIDE, SIDE);
        byte[] text = header.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer npy =
                ByteBuffer.allocate(10 + text.length + PIXELS * elementBytes)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
                        .putShort((short) text.length)
                        .put(text);
        while (npy.hasRemaining()) {
            npy.put((byte) ((npy.position() * 37) >> 3));
        }
        return npy.array();
    }
}
