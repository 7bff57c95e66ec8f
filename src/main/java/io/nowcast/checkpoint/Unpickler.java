package io.nowcast.checkpoint;

import io.nowcast.checkpoint.PickledValue.Flag;
import io.nowcast.checkpoint.PickledValue.Large;
import io.nowcast.checkpoint.PickledValue.Mapping;
import io.nowcast.checkpoint.PickledValue.None;
import io.nowcast.checkpoint.PickledValue.Opaque;
import io.nowcast.checkpoint.PickledValue.Real;
import io.nowcast.checkpoint.PickledValue.Sequence;
import io.nowcast.checkpoint.PickledValue.Storage;
import io.nowcast.checkpoint.PickledValue.Text;
import io.nowcast.checkpoint.PickledValue.Whole;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/**
 * Turns one pickle into inert values and runs nothing: no name is ever resolved to code.
 *
 * <p>A loop without recursion; every instruction allocates in proportion to its own bytes or to
 * what the {@link PickleBudget} counts, so that memory and time stay linear in the size of the
 * pickle. Format: {@code Lib/pickletools.py} and {@code torch/serialization.py}.
 */
final class Unpickler {

    private static final int HIGHEST_PROTOCOL = 5;
    private static final int LONGEST_NAME = 512;

    private static final Opaque BYTES = new Opaque("bytes");

    private final ByteCursor cursor;
    private final PickleStack stack;
    private final PickleBudget budget;
    private final PickledObjects objects;

    private Unpickler(ByteCursor cursor) {
        this.cursor = cursor;
        this.stack = new PickleStack(cursor);
        this.budget = new PickleBudget(cursor);
        this.objects = new PickledObjects(cursor, budget);
    }

    /** What a pickle holds, and the storages that its tensors refer to, by key. */
    record Result(PickledValue value, Map<String, Storage> storages) {}

    /**
     * Reads the pickle at the cursor and leaves the cursor behind it.
     *
     * @throws CheckpointException.Malformed if the stream is not a pickle of these protocols
     * @throws CheckpointException.Forbidden if it names code that is not on the allow-list
     */
    static Result read(ByteCursor cursor) {
        Unpickler unpickler = new Unpickler(cursor);
        PickleOpcode opcode = unpickler.nextOpcode();
        while (opcode != PickleOpcode.STOP) {
            unpickler.execute(opcode);
            opcode = unpickler.nextOpcode();
        }
        return new Result(unpickler.stack.result(), unpickler.objects.storages());
    }

    private PickleOpcode nextOpcode() {
        budget.spend(1);
        int code = cursor.unsignedByte();
        return PickleOpcode.of(code)
                .orElseThrow(() ->
                        cursor.malformed(
                                "0x%02x is no pickle instruction of torch.save".formatted(code)));
    }

    private void execute(PickleOpcode opcode) {
        switch (opcode) {
            case PROTO -> requireProtocol(cursor.unsignedByte());
            case FRAME -> requireFrame(cursor.signedLong());
            case STOP -> throw new AssertionError("the loop ends before");
            case MARK -> stack.mark();
            case POP -> stack.pop();
            case POP_MARK -> stack.popToMark();
            case DUP -> stack.push(stack.peek());
            case NONE -> stack.push(None.NONE);
            case NEWTRUE -> stack.push(new Flag(true));
            case NEWFALSE -> stack.push(new Flag(false));
            case BININT -> stack.push(new Whole(cursor.signedInt()));
            case BININT1 -> stack.push(new Whole(cursor.unsignedByte()));
            case BININT2 -> stack.push(new Whole(cursor.unsignedShort()));
            case LONG1 -> stack.push(integer(cursor.array(cursor.unsignedByte())));
            case LONG4 -> stack.push(integer(cursor.array(cursor.signedInt())));
            case BINFLOAT -> stack.push(new Real(cursor.bigEndianDouble()));
            case BINUNICODE -> pushText(cursor.unsignedInt());
            case SHORT_BINUNICODE, SHORT_BINSTRING -> pushText(cursor.unsignedByte());
            case BINUNICODE8 -> pushText(cursor.signedLong());
            case BINSTRING -> pushText(cursor.signedInt());
            case BINBYTES -> pushBytes(cursor.unsignedInt());
            case SHORT_BINBYTES -> pushBytes(cursor.unsignedByte());
            case BINBYTES8, BYTEARRAY8 -> pushBytes(cursor.signedLong());
            case EMPTY_TUPLE, EMPTY_LIST, EMPTY_SET -> stack.push(new Sequence(List.of()));
            case TUPLE, FROZENSET -> stack.push(new Sequence(stack.popToMark()));
            case TUPLE1 -> stack.push(new Sequence(stack.pop(1)));
            case TUPLE2 -> stack.push(new Sequence(stack.pop(2)));
            case TUPLE3 -> stack.push(new Sequence(stack.pop(3)));
            case EMPTY_DICT -> stack.push(new Mapping());
            case APPEND -> objects.append(stack.pop(1), stack.peek());
            case APPENDS, ADDITEMS -> objects.append(stack.popToMark(), stack.peek());
            case SETITEM -> objects.setItems(stack.pop(2), stack.peek());
            case SETITEMS -> objects.setItems(stack.popToMark(), stack.peek());
            case MEMOIZE -> stack.memoize();
            case BINPUT -> stack.put(cursor.unsignedByte());
            case LONG_BINPUT -> stack.put(cursor.unsignedInt());
            case BINGET -> stack.get(cursor.unsignedByte());
            case LONG_BINGET -> stack.get(cursor.unsignedInt());
            case GLOBAL -> pushGlobal(cursor.line(LONGEST_NAME), cursor.line(LONGEST_NAME));
            case STACK_GLOBAL -> pushGlobal(stack.pop(2));
            case REDUCE, NEWOBJ -> call(stack.pop(2));
            case NEWOBJ_EX -> call(stack.pop(3).subList(0, 2));
            case BUILD -> objects.build(stack.pop(), stack.peek());
            case BINPERSID -> stack.push(objects.storage(stack.pop()));
        }
    }

    private void requireProtocol(int protocol) {
        if (protocol > HIGHEST_PROTOCOL) {
            throw cursor.malformed(
                    "expected a pickle protocol up to %d, got %d"
                            .formatted(HIGHEST_PROTOCOL, protocol));
        }
    }

    private void requireFrame(long length) {
        if (length < 0 || length > cursor.remaining()) {
            throw cursor.malformed(
                    "a frame of %d bytes, but %d are left".formatted(length, cursor.remaining()));
        }
    }

    private void pushText(long length) {
        stack.push(new Text(cursor.utf8(length)));
    }

    private void pushBytes(long length) {
        cursor.slice(length);
        stack.push(BYTES);
    }

    private void pushGlobal(String module, String name) {
        stack.push(objects.global(module, name));
    }

    private void pushGlobal(List<PickledValue> moduleAndName) {
        if (moduleAndName.getFirst() instanceof Text(String module)
                && moduleAndName.getLast() instanceof Text(String name)) {
            pushGlobal(module, name);
            requireShort(module, name);
        } else {
            throw cursor.malformed("expected a module and a name of strings");
        }
    }

    /** Only an allowed name comes here; each use of it makes a text of its own. */
    private void requireShort(String module, String name) {
        if (module.length() > LONGEST_NAME || name.length() > LONGEST_NAME) {
            throw cursor.malformed(
                    "expected names of at most %d characters, got %d and %d"
                            .formatted(LONGEST_NAME, module.length(), name.length()));
        }
    }

    private void call(List<PickledValue> callableAndArguments) {
        stack.push(objects.call(callableAndArguments.getFirst(), callableAndArguments.getLast()));
    }

    /** Two's complement, little-endian; no bytes mean zero. */
    private static PickledValue integer(byte[] littleEndian) {
        if (littleEndian.length == 0) {
            return new Whole(0);
        }
        byte[] bigEndian = new byte[littleEndian.length];
        for (int i = 0; i < bigEndian.length; i++) {
            bigEndian[i] = littleEndian[bigEndian.length - 1 - i];
        }
        BigInteger value = new BigInteger(bigEndian);
        return bigEndian.length <= Long.BYTES ? new Whole(value.longValue()) : new Large(value);
    }
}
