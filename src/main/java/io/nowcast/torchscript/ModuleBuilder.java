package io.nowcast.torchscript;

import io.nowcast.network.WeightTensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects what a TorchScript module is made of: its tensors and the statements of its {@code
 * forward}. Statements are the functional form that PyTorch itself serialises; each expression is
 * bound to a fresh name, so that the order of the calls on this builder is the order of the
 * program.
 */
final class ModuleBuilder {

    private static final String INDENT = "  ";

    private final Kernels kernels;
    private final NumberFormat format;
    private final List<StoredTensor> tensors = new ArrayList<>();
    private final StringBuilder beginning = new StringBuilder();
    private final StringBuilder body = new StringBuilder();
    private int depth = 2;
    private int names;

    ModuleBuilder(Kernels kernels, NumberFormat format) {
        this.kernels = kernels;
        this.format = format;
    }

    /** The operators that the program may call. */
    Kernels kernels() {
        return kernels;
    }

    /** The format of the program's convolutions. */
    NumberFormat format() {
        return format;
    }

    /** Adds a trained tensor in a format and returns the expression that reads it. */
    String tensor(WeightTensor tensor, NumberFormat stored) {
        tensors.add(new StoredTensor(tensor, stored));
        return "self.w" + (tensors.size() - 1);
    }

    /** Binds an expression to a fresh name and returns the name. */
    String let(String expression) {
        String name = fresh();
        assign(name, expression);
        return name;
    }

    /** Binds an expression to a fresh name before all other statements. */
    String before(String expression) {
        String name = fresh();
        beginning
                .append(INDENT.repeat(2))
                .append(name)
                .append(" = ")
                .append(expression)
                .append('\n');
        return name;
    }

    /** Unpacks a list of known length into fresh names. */
    List<String> unpack(int count, String expression) {
        List<String> fresh = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            fresh.add(fresh());
        }
        statement(String.join(", ", fresh) + ", = " + expression);
        return fresh;
    }

    /** Binds or rebinds a name. */
    void assign(String name, String expression) {
        statement(name + " = " + expression);
    }

    void statement(String statement) {
        body.append(INDENT.repeat(depth)).append(statement).append('\n');
    }

    /** Ends the program with its answer. */
    void answer(String name) {
        statement("return " + name);
    }

    /** Opens {@code for index in range(count):} until {@link #endLoop}. */
    void loop(String index, String count) {
        statement("for " + index + " in range(" + count + "):");
        depth++;
    }

    void endLoop() {
        depth--;
    }

    String fresh() {
        return "t" + names++;
    }

    List<StoredTensor> tensors() {
        return List.copyOf(tensors);
    }

    /**
     * The class source: a module whose {@code forward} takes frames {@code [B, T, C, H, W]} and the
     * number of steps.
     */
    String source() {
        StringBuilder source = new StringBuilder("class Net(Module):\n");
        source.append("  __parameters__ = []\n  __buffers__ = [");
        for (int index = 0; index < tensors.size(); index++) {
            source.append("\"w").append(index).append("\", ");
        }
        source.append("]\n");
        for (int index = 0; index < tensors.size(); index++) {
            source.append("  w").append(index).append(" : Tensor\n");
        }
        source.append("  training : bool\n");
        source.append(
                "  def forward(self: __torch__.Net,\n    frames: Tensor,\n    steps: int) -> Tensor:\n");
        return source.append(beginning).append(body).toString();
    }
}
