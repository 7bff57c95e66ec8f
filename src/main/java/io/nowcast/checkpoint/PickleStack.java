package io.nowcast.checkpoint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The stack, its marks and the memo of a pickle: each instruction adds one element at most. */
final class PickleStack {

    private final List<PickledValue> values = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();
    private final Map<Long, PickledValue> memo = new HashMap<>();
    private final ByteCursor cursor;

    PickleStack(ByteCursor cursor) {
        this.cursor = cursor;
    }

    void push(PickledValue value) {
        values.add(value);
    }

    PickledValue pop() {
        requireAboveMark();
        return values.removeLast();
    }

    PickledValue peek() {
        requireAboveMark();
        return values.getLast();
    }

    void mark() {
        marks.add(values.size());
    }

    /** Removes the values above the last mark, and the mark. */
    List<PickledValue> popToMark() {
        if (marks.isEmpty()) {
            throw cursor.malformed("expected a mark on the stack, but there is none");
        }
        List<PickledValue> above = values.subList(marks.removeLast(), values.size());
        List<PickledValue> popped = List.copyOf(above);
        above.clear();
        return popped;
    }

    /** Removes the given number of values, deepest first in the answer. */
    List<PickledValue> pop(int count) {
        PickledValue[] popped = new PickledValue[count];
        for (int i = count - 1; i >= 0; i--) {
            popped[i] = pop();
        }
        return List.of(popped);
    }

    /** The result of the pickle: the only value left. */
    PickledValue result() {
        if (values.size() != 1 || !marks.isEmpty()) {
            throw cursor.malformed(
                    "expected one value at the end, but the stack holds " + values.size());
        }
        return values.getFirst();
    }

    void memoize() {
        memo.put((long) memo.size(), peek());
    }

    void put(long index) {
        memo.put(index, peek());
    }

    void get(long index) {
        PickledValue value = memo.get(index);
        if (value == null) {
            throw cursor.malformed("refers to memo %d, which was never set".formatted(index));
        }
        push(value);
    }

    private void requireAboveMark() {
        int floor = marks.isEmpty() ? 0 : marks.getLast();
        if (values.size() <= floor) {
            throw cursor.malformed("expected a value on the stack, but there is none");
        }
    }
}
