package io.nowcast.torchscript;

import io.nowcast.network.WeightTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A tensor of an archive and the format that its values are stored in. */
record StoredTensor(WeightTensor tensor, NumberFormat format) {

    /** The values as the archive holds them. */
    byte[] littleEndian() {
        float[] values = MemoryFormat.arrange(tensor);
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(values.length, format.bytes()))
                        .order(ByteOrder.LITTLE_ENDIAN);
        if (format == NumberFormat.FLOAT32) {
            bytes.asFloatBuffer().put(values);
        } else {
            for (float value : values) {
                bytes.putShort(format.reduced(value));
            }
        }
        return bytes.array();
    }
}
