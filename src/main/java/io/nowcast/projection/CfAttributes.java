package io.nowcast.projection;

import io.nowcast.frames.MapProjection;
import io.nowcast.frames.MapProjection.GridMapping;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Tells a projection in the attributes of a CF grid mapping, appendix F of the conventions. */
public final class CfAttributes {

    private CfAttributes() {}

    /**
     * The attributes; those of a grid mapping are the same again. A projection that CF has no name
     * for keeps its PROJ string, which most readers know too.
     *
     * @throws ProjectionException if the projection cannot be understood
     */
    public static GridMapping of(MapProjection projection) {
        if (projection instanceof GridMapping mapping) {
            return mapping;
        }
        ProjParameters definition = ProjDefinition.of(projection);
        Map<String, Object> attributes = new LinkedHashMap<>();
        if (definition.isGeographic()) {
            attributes.put("grid_mapping_name", "latitude_longitude");
        }
        ProjectionMethod.of(definition)
                .ifPresent(method -> {
                    attributes.put("grid_mapping_name", method.cf());
                    for (ProjectionMethod.Parameter parameter : method.parameters()) {
                        number(definition, parameter.proj())
                                .ifPresent(number ->
                                        attributes.merge(
                                                parameter.cf(),
                                                number,
                                                (first, second) -> List.of(first, second)));
                    }
                });
        Ellipsoid ellipsoid = Ellipsoid.of(definition);
        attributes.put("semi_major_axis", ellipsoid.semiMajorAxis());
        attributes.put("semi_minor_axis", ellipsoid.semiMinorAxis());
        attributes.put("proj4_params", definition.definition());
        return new GridMapping(attributes);
    }

    /** A parameter of a definition; those that UTM implies, and defaults that CF demands, too. */
    static OptionalDouble number(ProjParameters definition, String name) {
        if (definition.text("proj").orElse("").equals("utm")) {
            boolean south = definition.text("south").isPresent();
            return switch (name) {
                case "lon_0" -> OptionalDouble.of(definition.number("zone").orElse(1) * 6 - 183);
                case "lat_0" -> OptionalDouble.of(0);
                case "k_0" -> OptionalDouble.of(0.9996);
                case "x_0" -> OptionalDouble.of(500_000);
                case "y_0" -> OptionalDouble.of(south ? 10_000_000 : 0);
                default -> OptionalDouble.empty();
            };
        }
        OptionalDouble number = definition.number(name);
        if (number.isEmpty() && name.equals("k_0")) {
            return definition.number("k");
        }
        boolean zeroByDefault = name.matches("lon_0|lat_0|x_0|y_0");
        return number.isEmpty() && zeroByDefault ? OptionalDouble.of(0) : number;
    }
}
