package io.nowcast.codec;

import java.nio.ByteBuffer;
import java.util.Optional;

/** How a number is stored; the byte order is the buffer's. */
enum NumberLayout {
    INT8(1) {
        @Override
        double number(ByteBuffer data, int index) {
            return data.get(index);
        }
    },
    UINT8(1) {
        @Override
        double number(ByteBuffer data, int index) {
            return Byte.toUnsignedInt(data.get(index));
        }
    },
    INT16(2) {
        @Override
        double number(ByteBuffer data, int index) {
            return data.getShort(index * 2);
        }
    },
    UINT16(2) {
        @Override
        double number(ByteBuffer data, int index) {
            return Short.toUnsignedInt(data.getShort(index * 2));
        }
    },
    INT32(4) {
        @Override
        double number(ByteBuffer data, int index) {
            return data.getInt(index * 4);
        }
    },
    UINT32(4) {
        @Override
        double number(ByteBuffer data, int index) {
            return Integer.toUnsignedLong(data.getInt(index * 4));
        }
    },
    INT64(8) {
        @Override
        double number(ByteBuffer data, int index) {
            return data.getLong(index * 8);
        }
    },
    UINT64(8) {
        @Override
        double number(ByteBuffer data, int index) {
            long bits = data.getLong(index * 8);
            return bits >= 0 ? bits : ((bits >>> 1) | (bits & 1)) * 2.0;
        }
    },
    FLOAT32(4) {
        @Override
        double number(ByteBuffer data, int index) {
            return data.getFloat(index * 4);
        }
    },
    FLOAT64(8) {
        @Override
        double number(ByteBuffer data, int index) {
            return data.getDouble(index * 8);
        }
    };

    private final int bytes;

    NumberLayout(int bytes) {
        this.bytes = bytes;
    }

    int bytes() {
        return bytes;
    }

    /** The number at an index that counts numbers, not bytes. */
    abstract double number(ByteBuffer data, int index);

    static Optional<NumberLayout> integer(int bytes, boolean signed) {
        return switch (bytes) {
            case 1 -> Optional.of(signed ? INT8 : UINT8);
            case 2 -> Optional.of(signed ? INT16 : UINT16);
            case 4 -> Optional.of(signed ? INT32 : UINT32);
            case 8 -> Optional.of(signed ? INT64 : UINT64);
            default -> Optional.empty();
        };
    }

    static Optional<NumberLayout> floating(int bytes) {
        return switch (bytes) {
            case 4 -> Optional.of(FLOAT32);
            case 8 -> Optional.of(FLOAT64);
            default -> Optional.empty();
        };
    }
}
