package io.nowcast.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.LeadTimes;
import io.nowcast.frames.PixelEncoding;
import io.nowcast.frames.RainUnit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What is written and read again is what it was. */
class RoundTripTest {

    private static final PixelEncoding WHOLE =
            new PixelEncoding(RainUnit.MILLIMETRES_PER_HOUR, 1, 0, OptionalDouble.of(255));

    private static final DecodingRules AS_WRITTEN =
            new DecodingRules(
                    RainUnit.MILLIMETRES_PER_HOUR, WHOLE, WHOLE, WHOLE, OptionalDouble.empty());

    private final FrameCodec codec = new FrameCodec(Fixtures.LIMITS);

    /** Any bits of a float: infinities, subnormals, negative zero, every NaN. */
    @Property(tries = 200)
    void arraysKeepEveryBit(
            @ForAll @IntRange(min = 1, max = 5) int length,
            @ForAll @IntRange(min = 1, max = 9) int height,
            @ForAll @IntRange(min = 1, max = 9) int width,
            @ForAll long seed)
            throws IOException {
        Random random = new Random(seed);
        float[] values = new float[length * height * width];
        for (int at = 0; at < values.length; at++) {
            values[at] = Float.intBitsToFloat(random.nextInt());
        }

        DecodedFrames read = back(sequence(length, height, width, values), FrameFormat.NPY);

        FrameSequence frames = read.sequences().getFirst();
        assertThat(frames.length()).isEqualTo(length);
        assertThat(frames.grid()).isEqualTo(new GridShape(height, width));
        for (int at = 0; at < values.length; at++) {
            assertThat(Float.floatToRawIntBits(frames.values()[at]))
                    .isEqualTo(Float.floatToRawIntBits(values[at]));
        }
    }

    /** Whole millimetres an hour, which pixels of 8 bits hold exactly, and missing ones. */
    @Property(tries = 100)
    void picturesKeepWhatTheirPixelsHold(
            @ForAll @IntRange(min = 1, max = 5) int length,
            @ForAll @IntRange(min = 1, max = 9) int height,
            @ForAll @IntRange(min = 1, max = 9) int width,
            @ForAll long seed)
            throws IOException {
        Random random = new Random(seed);
        float[] values = new float[length * height * width];
        for (int at = 0; at < values.length; at++) {
            int pixel = random.nextInt(256);
            values[at] = pixel == 255 ? Float.NaN : pixel;
        }
        DecodedFrames read = back(sequence(length, height, width, values), FrameFormat.PNG_STACK);

        assertThat(read.sequences()).hasSize(1);
        assertThat(read.sequences().getFirst().values()).isEqualTo(values);
    }

    private DecodedFrames back(FrameSequence frames, FrameFormat format) throws IOException {
        LeadTimes leads = new LeadTimes(Duration.ofMinutes(5), frames.length(), Optional.empty());
        ForecastDocument document =
                new ForecastDocument(List.of(frames), false, leads, WHOLE, Byte.SIZE, Map.of());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        codec.encode(document, format, false, out);
        return codec.decode(out.toByteArray(), format, AS_WRITTEN);
    }

    private static FrameSequence sequence(int length, int height, int width, float[] values) {
        return new FrameSequence(
                length, new GridShape(height, width), RainUnit.MILLIMETRES_PER_HOUR, values);
    }
}
