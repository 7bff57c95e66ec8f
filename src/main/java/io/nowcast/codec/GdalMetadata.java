package io.nowcast.codec;

import io.nowcast.frames.RainUnit;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What GDAL's metadata of a TIFF say of its numbers: {@code scale} and {@code offset} as GDAL
 * writes them, or gain, offset, nodata, undetect, quantity and observation time as the Finnish
 * Meteorological Institute does, where GDAL has escaped its items once more. Looked at with a
 * pattern: it is a flat list of items, and no XML parser need meet what strangers send.
 */
final class GdalMetadata {

    private static final Pattern ITEM =
            Pattern.compile("<Item ([^<>]{1,200})>([^<>]{0,200})</Item>");
    private static final Pattern ATTRIBUTE = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    private final Map<String, String> items = new HashMap<>();
    private final Map<String, String> units = new HashMap<>();

    private GdalMetadata() {}

    static GdalMetadata parse(String xml) {
        GdalMetadata metadata = new GdalMetadata();
        String text = xml;
        for (int round = 0; round < 2; round++) {
            text = text.replace("&amp;", "&");
        }
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
        Matcher matcher = ITEM.matcher(text);
        while (matcher.find()) {
            Map<String, String> attributes = new HashMap<>();
            Matcher attribute = ATTRIBUTE.matcher(matcher.group(1));
            while (attribute.find()) {
                attributes.put(attribute.group(1), attribute.group(2));
            }
            String name = attributes.getOrDefault("name", "").toLowerCase(Locale.ROOT);
            metadata.items.putIfAbsent(name, matcher.group(2).strip());
            metadata.units.putIfAbsent(name, attributes.getOrDefault("unit", ""));
        }
        return metadata;
    }

    OptionalDouble gain() {
        return number("gain").isPresent() ? number("gain") : number("scale");
    }

    OptionalDouble offset() {
        return number("offset");
    }

    OptionalDouble nodata() {
        return number("nodata");
    }

    OptionalDouble undetect() {
        return number("undetect");
    }

    Optional<RainUnit> unit() {
        String unit =
                Optional.ofNullable(units.get("quantity"))
                        .filter(given -> !given.isEmpty())
                        .orElse(items.getOrDefault("unittype", items.getOrDefault("units", "")));
        return CfUnit.of(unit).filter(known -> known.factor() == 1).map(CfUnit::unit);
    }

    Optional<Instant> time() {
        return Optional.ofNullable(items.get("observation time")).flatMap(FileTime::ofDigits);
    }

    private OptionalDouble number(String name) {
        try {
            String text = items.get(name);
            return text == null
                    ? OptionalDouble.empty()
                    : OptionalDouble.of(Double.parseDouble(text));
        } catch (NumberFormatException _) {
            return OptionalDouble.empty();
        }
    }
}
