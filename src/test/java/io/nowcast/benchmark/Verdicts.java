package io.nowcast.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Measured figures held against bounds: a line each for people, a JSON file for programs. */
final class Verdicts {

    private final List<Map<String, Object>> checks = new ArrayList<>();
    private final Map<String, Object> figures = new LinkedHashMap<>();
    private boolean passed = true;

    void atMost(String what, double measured, double bound, String unit) {
        // Written so that NaN fails.
        check(what, measured, "at most", bound, unit, measured <= bound);
    }

    void atMost(String what, long measured, long bound) {
        atMost(what, (double) measured, (double) bound, "");
    }

    void atLeast(String what, long measured, long bound) {
        atLeast(what, (double) measured, (double) bound, "");
    }

    void atLeast(String what, double measured, double bound, String unit) {
        check(what, measured, "at least", bound, unit, measured >= bound);
    }

    private void check(
            String what, double measured, String kind, double bound, String unit, boolean sound) {
        passed &= sound;
        Map<String, Object> check = new LinkedHashMap<>();
        check.put("what", what);
        check.put("passed", sound);
        check.put("measured", measured);
        check.put(kind, bound);
        check.put("unit", unit);
        checks.add(check);
        System.out.printf(
                "%s  %s: %s, wanted %s %s %s%n",
                sound ? "PASS" : "FAIL", what, number(measured), kind, number(bound), unit);
    }

    static String number(double value) {
        return Math.abs(value) >= 1e-3 || value == 0 || Double.isNaN(value)
                ? String.format("%.3f", value).replaceFirst("\\.?0+$", "")
                : String.format("%.2e", value);
    }

    /** A figure without a bound. */
    void told(String what, Object value) {
        figures.put(what, value);
        System.out.printf(
                "      %s: %s%n", what, value instanceof Double number ? number(number) : value);
    }

    /** A figure that is too long to be printed. */
    void kept(String what, Object value) {
        figures.put(what, value);
    }

    boolean passed() {
        return passed && !checks.isEmpty();
    }

    /** Numbers that are not finite are written as text, which JSON can hold. */
    void write(Path file, String preset) throws IOException {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("preset", preset);
        document.put("passed", passed());
        document.put("checks", checks);
        document.put("figures", figures);
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(
                file,
                JsonMapper.builder()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .build()
                        .writeValueAsString(document));
        System.out.printf(
                "%s: %s, see %s%n",
                preset, checks.isEmpty() ? "no bounds" : passed() ? "passed" : "FAILED", file);
    }
}
