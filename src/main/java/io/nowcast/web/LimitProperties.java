package io.nowcast.web;

import io.nowcast.codec.CodecLimits;
import io.nowcast.settings.Setting;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What one request may cost. Every refusal names the limit.
 *
 * @param body largest body as it is sent
 * @param expanded largest body once it is inflated, and most memory of its frames as float32; where
 *     absent {@value #USUAL_EXPANDED_MEGABYTES} MB, or a quarter of the heap where that is less
 * @param frames most frames of a sequence
 * @param batch most sequences of a body
 * @param pixels most pixels of a frame
 * @param entries most entries of a ZIP or parts of a multipart body
 * @param decoders most bodies that are decoded at once; fewer where so many could take more than a
 *     quarter of the heap
 * @param jsonDepth deepest nesting of JSON
 * @param uploadRate least bytes a second, on average, that a body must come with
 * @param uploadGrace how long a body may come slower than that
 * @param downloadRate least bytes a second, on average, that a forecast must be taken with
 * @param downloadGrace how long it may be taken slower than that
 */
@ConfigurationProperties("nowcast.limits")
public record LimitProperties(
        @DefaultValue("64MB") DataSize body,
        @Nullable DataSize expanded,
        @DefaultValue("64") int frames,
        @DefaultValue("16") int batch,
        @DefaultValue("16777216") long pixels,
        @DefaultValue("256") int entries,
        @DefaultValue("2") int decoders,
        @DefaultValue("16") int jsonDepth,
        @DefaultValue("16KB") DataSize uploadRate,
        @DefaultValue("10s") Duration uploadGrace,
        @DefaultValue("16KB") DataSize downloadRate,
        @DefaultValue("10s") Duration downloadGrace) {

    private static final long USUAL_EXPANDED_MEGABYTES = 128;

    /** Longest array of every Java runtime. */
    private static final int LONGEST = Integer.MAX_VALUE - 8;

    private static final DataSize ONE = DataSize.ofBytes(1);

    public LimitProperties {
        Setting.requireBetween(ONE, DataSize.ofBytes(LONGEST), "nowcast.limits.body", body);
        if (expanded != null) {
            Setting.requireBetween(
                    ONE,
                    DataSize.ofBytes((long) LONGEST * Float.BYTES),
                    "nowcast.limits.expanded",
                    expanded);
        }
        Setting.requireAtLeast(1, "nowcast.limits.frames", frames);
        Setting.requireAtLeast(1, "nowcast.limits.batch", batch);
        Setting.requireBetween(1, LONGEST, "nowcast.limits.pixels", pixels);
        Setting.requireAtLeast(1, "nowcast.limits.entries", entries);
        Setting.requireBetween(1, 1024, "nowcast.limits.decoders", decoders);
        Setting.requireBetween(4, 1000, "nowcast.limits.json-depth", jsonDepth);
        Setting.requireAtLeast(DataSize.ofBytes(0), "nowcast.limits.upload-rate", uploadRate);
        Setting.requireTime(Duration.ZERO, "nowcast.limits.upload-grace", uploadGrace);
        Setting.requireAtLeast(DataSize.ofBytes(0), "nowcast.limits.download-rate", downloadRate);
        Setting.requireTime(Duration.ZERO, "nowcast.limits.download-grace", downloadGrace);
    }

    /** Bytes of a body once it is inflated, and of its frames as float32. */
    long expandedBytes() {
        return Optional.ofNullable(expanded)
                .map(DataSize::toBytes)
                .orElse(
                        Math.min(
                                DataSize.ofMegabytes(USUAL_EXPANDED_MEGABYTES).toBytes(),
                                Runtime.getRuntime().maxMemory() / 4));
    }

    CodecLimits codecLimits() {
        return new CodecLimits(expandedBytes(), frames, batch, pixels, entries);
    }
}
