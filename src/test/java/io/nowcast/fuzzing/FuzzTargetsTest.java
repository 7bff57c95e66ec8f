package io.nowcast.fuzzing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The targets of a fuzzing run over their seeds, what earlier runs found, and some mutations. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FuzzTargetsTest {

    private static final int MUTATIONS = 2_000;
    private static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    @ParameterizedTest
    @EnumSource
    void refusesWhatItCannotUseQuicklyAndInLittleMemory(FuzzTarget target) {
        List<byte[]> seeds = Seeds.of(target);
        assertThat(seeds).isNotEmpty();
        FuzzedInput input = new FuzzedInput(target);
        seeds.forEach(input::feed);

        long start = System.nanoTime();
        Random random = new Random(7);
        for (int count = 0; count < MUTATIONS; count++) {
            if (System.nanoTime() - start > MOST_NANOS) {
                break;
            }
            input.feed(mutation(seeds.get(random.nextInt(seeds.size())), random));
        }
    }

    /** Changes some bytes, and now and then the length. */
    private static byte[] mutation(byte[] seed, Random random) {
        byte[] changed =
                random.nextInt(4) == 0
                        ? Arrays.copyOf(seed, random.nextInt(seed.length + 16))
                        : seed.clone();
        int changes = changed.length == 0 ? 0 : 1 + random.nextInt(8);
        for (int change = 0; change < changes; change++) {
            byte[] interesting = {0, 1, -1, 127, -128, (byte) random.nextInt()};
            changed[random.nextInt(changed.length)] =
                    interesting[random.nextInt(interesting.length)];
        }
        return changed;
    }
}
