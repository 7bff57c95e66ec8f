package io.nowcast.web;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;

/**
 * The tensor data types of the Open Inference Protocol that frames come in, with the dtype that an
 * NPY header has for each. {@code BF16} has none, and {@code BYTES} is no number.
 */
enum TensorType {
    BOOL("|b1", 1),
    UINT8("|u1", 1),
    UINT16("<u2", 2),
    UINT32("<u4", 4),
    UINT64("<u8", 8),
    INT8("|i1", 1),
    INT16("<i2", 2),
    INT32("<i4", 4),
    INT64("<i8", 8),
    FP16("<f2", 2),
    FP32("<f4", 4),
    FP64("<f8", 8);

    private final String dtype;
    private final int bytes;

    TensorType(String dtype, int bytes) {
        this.dtype = dtype;
        this.bytes = bytes;
    }

    /**
     * The type of this name.
     *
     * @throws BodyException 400 if frames do not come in it
     */
    static TensorType named(String name) {
        return Arrays.stream(values())
                .filter(type -> type.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new BodyException(
                                HttpStatus.BAD_REQUEST,
                                "datatype is '%s'; frames come as %s"
                                        .formatted(
                                                name,
                                                Arrays.stream(values())
                                                        .map(TensorType::name)
                                                        .collect(Collectors.joining(", ")))));
    }

    String dtype() {
        return dtype;
    }

    int bytes() {
        return bytes;
    }

    private boolean isFloating() {
        return this == FP16 || this == FP32 || this == FP64;
    }

    /**
     * Whether a number of JSON can be of this type: no fraction and no missing value in an integer,
     * nothing out of its range.
     */
    boolean holds(double value) {
        if (isFloating()) {
            return true;
        }
        double unsigned = this == BOOL ? 2 : Math.scalb(1.0, 8 * bytes);
        boolean signed = name().startsWith("INT");
        return value == Math.rint(value)
                && value >= (signed ? -unsigned / 2 : 0)
                && value < (signed ? unsigned / 2 : unsigned);
    }

    /** Appends a number that {@link #holds} said yes to, in the target's byte order. */
    void put(ByteBuffer target, double value) {
        switch (this) {
            case BOOL, UINT8, INT8 -> target.put((byte) (long) value);
            case UINT16, INT16 -> target.putShort((short) (long) value);
            case UINT32, INT32 -> target.putInt((int) (long) value);
            case INT64 -> target.putLong((long) value);
            case UINT64 ->
                    target.putLong(
                            value < Long.MAX_VALUE
                                    ? (long) value
                                    : (long) (value - 0x1p63) ^ Long.MIN_VALUE);
            case FP16 -> target.putShort(Float.floatToFloat16((float) value));
            case FP32 -> target.putFloat((float) value);
            case FP64 -> target.putDouble(value);
        }
    }
}
