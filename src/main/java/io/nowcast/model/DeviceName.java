package io.nowcast.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A device that runs models, as configuration and metrics write it: {@code cpu} or {@code cuda:0}.
 *
 * @param kind {@code cpu} or {@code cuda}
 * @param index which of its kind; 0 for the CPU
 */
public record DeviceName(String kind, int index) {

    public static final DeviceName CPU = new DeviceName("cpu", 0);

    private static final Pattern CUDA = Pattern.compile("cuda:(\\d{1,3})");

    /**
     * Reads {@code cpu} or {@code cuda:N}.
     *
     * @throws IllegalArgumentException if the text names no device
     */
    public static DeviceName parse(String text) {
        if (text.equals("cpu")) {
            return CPU;
        }
        Matcher matcher = CUDA.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a device is 'cpu' or 'cuda:N', got '" + text + "'");
        }
        return new DeviceName("cuda", Integer.parseInt(matcher.group(1)));
    }

    public boolean isCuda() {
        return kind.equals("cuda");
    }

    @Override
    public String toString() {
        return isCuda() ? kind + ":" + index : kind;
    }
}
