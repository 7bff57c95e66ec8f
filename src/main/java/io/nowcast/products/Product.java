package io.nowcast.products;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.LeadTimes;
import io.nowcast.frames.RainUnit;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Optional;

/** Turns the frames of a forecast into other frames. */
public sealed interface Product {

    /** The unit that the forecast must be made in, where {@code asked} is the client's. */
    RainUnit unit(RainUnit asked);

    /**
     * When the product's frames are valid.
     *
     * @throws ProductException if it cannot be made of so many frames
     */
    LeadTimes leadTimes(LeadTimes forecast);

    /**
     * The product of a forecast in {@link #unit}; a pixel that is missing in one of the frames that
     * it is made of is missing.
     *
     * @throws ProductException if it cannot be made of so many frames
     */
    ForecastField of(ForecastField forecast);

    /**
     * Reads a product as clients write it: {@code accumulation}, {@code accumulation:PT30M} or
     * {@code exceedance:10}.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    static Product parse(String text) {
        String[] parts = text.split(":", 2);
        Optional<String> argument = parts.length == 2 ? Optional.of(parts[1]) : Optional.empty();
        try {
            return switch (parts[0]) {
                case "accumulation" -> new Accumulation(argument.map(Duration::parse));
                case "exceedance" ->
                        new Exceedance(
                                Double.parseDouble(
                                        argument.orElseThrow(IllegalArgumentException::new)));
                default -> throw new IllegalArgumentException(text);
            };
        } catch (DateTimeParseException problem) {
            throw new IllegalArgumentException(text, problem);
        }
    }

    /**
     * Depth of rain in mm over one period after the other, each rate taken to hold for the interval
     * that ends at it.
     *
     * @param period a multiple of the interval that divides the forecast; the whole forecast where
     *     absent
     */
    record Accumulation(Optional<Duration> period) implements Product {

        public Accumulation {
            if (!period.orElse(Duration.ofMinutes(1)).isPositive()) {
                throw new IllegalArgumentException("an accumulation needs a positive period");
            }
        }

        @Override
        public RainUnit unit(RainUnit asked) {
            return RainUnit.MILLIMETRES_PER_HOUR;
        }

        @Override
        public LeadTimes leadTimes(LeadTimes forecast) {
            int steps = forecast.steps();
            Duration interval = forecast.interval();
            Duration each = period.orElse(interval.multipliedBy(steps));
            long frames = each.dividedBy(interval);
            if (!interval.multipliedBy(frames).equals(each)) {
                throw new ProductException(
                        "an accumulation over %s is no multiple of %s, the interval of the forecast"
                                .formatted(each, interval));
            }
            // A last period with fewer frames would be told as one of the same length.
            if (steps % frames != 0) {
                throw new ProductException(
                        "accumulations over %s (%d steps) do not divide the forecast of %s (%d steps): ask for another period, or for steps that are a multiple of %2$d"
                                .formatted(each, frames, interval.multipliedBy(steps), steps));
            }
            return new LeadTimes(each, steps / (int) frames, forecast.referenceTime());
        }

        @Override
        public ForecastField of(ForecastField forecast) {
            FrameSequence rates = forecast.frames();
            LeadTimes leadTimes = leadTimes(forecast.leadTimes());
            int periods = leadTimes.steps();
            int frames = rates.length() / periods;
            int plane = (int) rates.grid().pixels();
            float[] depths = new float[periods * plane];
            float hours = forecast.leadTimes().interval().toMillis() / 3_600_000f;
            for (int step = 0; step < rates.length(); step++) {
                int sum = step / frames * plane;
                int rate = step * plane;
                for (int pixel = 0; pixel < plane; pixel++) {
                    depths[sum + pixel] += rates.values()[rate + pixel] * hours;
                }
            }
            return new ForecastField(
                    new FrameSequence(periods, rates.grid(), RainUnit.MILLIMETRES, depths),
                    leadTimes);
        }
    }

    /**
     * 1 where a value is at or above a threshold, 0 below it.
     *
     * @param threshold in the unit that the client asked for
     */
    record Exceedance(double threshold) implements Product {

        public Exceedance {
            if (!Double.isFinite(threshold)) {
                throw new IllegalArgumentException("a threshold must be finite");
            }
        }

        @Override
        public RainUnit unit(RainUnit asked) {
            return asked;
        }

        @Override
        public LeadTimes leadTimes(LeadTimes forecast) {
            return forecast;
        }

        @Override
        public ForecastField of(ForecastField forecast) {
            float[] values = forecast.frames().values();
            float[] masks = Arrays.copyOf(values, values.length);
            for (int index = 0; index < masks.length; index++) {
                if (!Float.isNaN(masks[index])) {
                    masks[index] = masks[index] >= threshold ? 1 : 0;
                }
            }
            return new ForecastField(
                    new FrameSequence(
                            forecast.frames().length(),
                            forecast.frames().grid(),
                            RainUnit.NONE,
                            masks),
                    forecast.leadTimes());
        }
    }
}
