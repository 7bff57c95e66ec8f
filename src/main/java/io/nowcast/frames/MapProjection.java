package io.nowcast.frames;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a radar grid's coordinates lie on the earth, in the words of the file that told it. Carried
 * unchanged, so that an answer of the same kind of file says the same again.
 */
public sealed interface MapProjection {

    /**
     * A <a href="https://proj.org/en/stable/usage/quickstart.html">PROJ string</a>, as ODIM_H5's
     * {@code projdef} and KNMI's {@code projection_proj4_params} hold it.
     */
    record ProjString(String definition) implements MapProjection {}

    /**
     * The three GeoKey tags of a <a
     * href="https://docs.ogc.org/is/19-008r4/19-008r4.html">GeoTIFF</a>.
     *
     * @param directory tag 34735, four numbers a key
     * @param doubles tag 34736
     * @param ascii tag 34737
     */
    record GeoKeys(List<Integer> directory, List<Double> doubles, String ascii)
            implements MapProjection {
        public GeoKeys {
            directory = List.copyOf(directory);
            doubles = List.copyOf(doubles);
        }
    }

    /**
     * The attributes of a CF <a
     * href="https://cfconventions.org/cf-conventions/cf-conventions.html#appendix-grid-mappings">grid
     * mapping</a> variable: strings, doubles and lists of doubles by name, in the order of the
     * file.
     */
    record GridMapping(Map<String, Object> attributes) implements MapProjection {
        public GridMapping {
            attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
        }
    }
}
