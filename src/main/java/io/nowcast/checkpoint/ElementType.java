package io.nowcast.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/** The number formats of stored tensors, each of which becomes float32. All are little-endian. */
enum ElementType {
    FLOAT32("FloatStorage", "float32", "F32", Float.BYTES) {
        @Override
        float read(MemorySegment bytes, long offset) {
            return bytes.get(FLOATS, offset);
        }

        @Override
        void copy(MemorySegment bytes, long first, float[] values) {
            MemorySegment.copy(bytes, FLOATS, first * Float.BYTES, values, 0, values.length);
        }
    },
    FLOAT64("DoubleStorage", "float64", "F64", Double.BYTES) {
        @Override
        float read(MemorySegment bytes, long offset) {
            return (float) bytes.get(DOUBLES, offset);
        }
    },
    FLOAT16("HalfStorage", "float16", "F16", Short.BYTES) {
        @Override
        float read(MemorySegment bytes, long offset) {
            return Float.float16ToFloat(bytes.get(SHORTS, offset));
        }
    },
    /** The upper half of a float32. */
    BFLOAT16("BFloat16Storage", "bfloat16", "BF16", Short.BYTES) {
        @Override
        float read(MemorySegment bytes, long offset) {
            return Float.intBitsToFloat(bytes.get(SHORTS, offset) << 16);
        }
    },
    INT64("LongStorage", "int64", "I64", Long.BYTES) {
        @Override
        float read(MemorySegment bytes, long offset) {
            return bytes.get(LONGS, offset);
        }
    },
    INT32("IntStorage", "int32", "I32", Integer.BYTES) {
        @Override
        float read(MemorySegment bytes, long offset) {
            return bytes.get(INTS, offset);
        }
    },
    INT16("ShortStorage", "int16", "I16", Short.BYTES) {
        @Override
        float read(MemorySegment bytes, long offset) {
            return bytes.get(SHORTS, offset);
        }
    },
    INT8("CharStorage", "int8", "I8", Byte.BYTES) {
        @Override
        float read(MemorySegment bytes, long offset) {
            return bytes.get(ValueLayout.JAVA_BYTE, offset);
        }
    },
    UINT8("ByteStorage", "uint8", "U8", Byte.BYTES) {
        @Override
        float read(MemorySegment bytes, long offset) {
            return Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, offset));
        }
    },
    BOOL("BoolStorage", "bool", "BOOL", Byte.BYTES) {
        @Override
        float read(MemorySegment bytes, long offset) {
            return bytes.get(ValueLayout.JAVA_BYTE, offset) == 0 ? 0f : 1f;
        }
    };

    private static final ValueLayout.OfFloat FLOATS =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLES =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONGS =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INTS =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORTS =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final String storageClass;
    private final String dtype;
    private final String safetensorsName;
    private final int bytes;

    ElementType(String storageClass, String dtype, String safetensorsName, int bytes) {
        this.storageClass = storageClass;
        this.dtype = dtype;
        this.safetensorsName = safetensorsName;
        this.bytes = bytes;
    }

    /** By the class in package {@code torch}, such as {@code FloatStorage}. */
    static Optional<ElementType> ofStorageClass(String name) {
        return Arrays.stream(values()).filter(type -> type.storageClass.equals(name)).findFirst();
    }

    /** Whether package {@code torch} knows a number format by this name, such as float32. */
    static boolean isDtype(String name) {
        return Arrays.stream(values()).anyMatch(type -> type.dtype.equals(name));
    }

    /** By the name in a safetensors header, such as {@code BF16}. */
    static Optional<ElementType> ofSafetensorsName(String name) {
        return Arrays.stream(values())
                .filter(type -> type.safetensorsName.equals(name))
                .findFirst();
    }

    /** Size of one element in bytes. */
    int bytes() {
        return bytes;
    }

    /** The element at a byte offset, rounded to float32. */
    abstract float read(MemorySegment bytes, long offset);

    /** Fills the array with consecutive elements from the given one on. */
    void copy(MemorySegment bytes, long first, float[] values) {
        long offset = first * this.bytes;
        for (int i = 0; i < values.length; i++, offset += this.bytes) {
            values[i] = read(bytes, offset);
        }
    }
}
