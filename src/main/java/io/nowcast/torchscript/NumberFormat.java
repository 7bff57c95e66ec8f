package io.nowcast.torchscript;

/**
 * The format of a program's convolutions and their weights. Frames, answer, states and everything
 * between convolutions are float32 in each: widening costs no more than reduced arithmetic, and
 * states that add up over many steps keep their digits.
 */
public enum NumberFormat {
    FLOAT32(6, "FloatStorage", Float.BYTES),
    BF16(15, "BFloat16Storage", Short.BYTES),
    FP16(5, "HalfStorage", Short.BYTES);

    private final int torchType;
    private final String storage;
    private final int bytes;

    NumberFormat(int torchType, String storage, int bytes) {
        this.torchType = torchType;
        this.storage = storage;
        this.bytes = bytes;
    }

    /** PyTorch's number of the type, {@code c10::ScalarType}. */
    int torchType() {
        return torchType;
    }

    /** The name of the type's storage in an archive. */
    String storage() {
        return storage;
    }

    /** Bytes of a value. */
    public int bytes() {
        return bytes;
    }

    /** The bits of a value of two bytes, rounded to the nearest, ties to even. */
    short reduced(float value) {
        if (this == FP16) {
            return Float.floatToFloat16(value);
        }
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits >>> Short.SIZE) | 0x40);
        }
        int rounding = 0x7fff + ((bits >>> Short.SIZE) & 1);
        return (short) ((bits + rounding) >>> Short.SIZE);
    }
}
