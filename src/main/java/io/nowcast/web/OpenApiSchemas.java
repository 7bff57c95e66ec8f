package io.nowcast.web;

import io.swagger.v3.oas.models.media.Schema;
import java.math.BigDecimal;
import java.util.List;

/** Builds schemas of OpenAPI 3.1. */
final class OpenApiSchemas {

    private OpenApiSchemas() {}

    /** OpenAPI 3.1 knows several types of a value, 3.0 one: the library wants both told. */
    static Schema<Object> typed(String type) {
        Schema<Object> schema = new Schema<>();
        schema.setType(type);
        schema.addType(type);
        return schema;
    }

    static Schema<Object> text(String example) {
        return withExample("string", example);
    }

    static Schema<Object> number(double example) {
        return withExample("number", BigDecimal.valueOf(example));
    }

    static Schema<Object> integer(long example) {
        return withExample("integer", example);
    }

    static Schema<Object> duration(String example) {
        Schema<Object> schema = text(example);
        schema.setFormat("duration");
        return schema;
    }

    static Schema<Object> instant(String example) {
        Schema<Object> schema = text(example);
        schema.setFormat("date-time");
        return schema;
    }

    static Schema<Object> oneOf(List<String> values, String example) {
        Schema<Object> schema = text(example);
        schema.setEnum(List.copyOf(values));
        return schema;
    }

    static Schema<Object> array(Schema<?> items) {
        Schema<Object> schema = typed("array");
        schema.setItems(items);
        return schema;
    }

    /** The same values, or null. */
    static Schema<Object> nullable(Schema<Object> schema) {
        schema.addType("null");
        return schema;
    }

    static Schema<Object> described(Schema<Object> schema, String description) {
        schema.setDescription(description);
        return schema;
    }

    private static Schema<Object> withExample(String type, Object example) {
        Schema<Object> schema = typed(type);
        schema.setExample(example);
        return schema;
    }
}
