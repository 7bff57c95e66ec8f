package io.nowcast.codec;

import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.exceptions.UnsupportedHdfException;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import io.jhdf.object.datatype.StringData;
import io.jhdf.object.datatype.VariableLength;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An HDF5 file in memory, read through <a href="https://jhdf.io">jHDF</a>; the only class that
 * knows that library besides {@link Hdf5Dataset} and {@link Hdf5Storage}. Whatever the library
 * makes of damaged bytes becomes a {@link MalformedBodyException}.
 *
 * <p>Not thread-safe. Holds memory only, so nothing needs closing.
 */
final class Hdf5File implements CfSource {

    private final String name;
    private final Group root;
    private final CodecLimits limits;
    private final Hdf5Allowance allowance;

    private Hdf5File(String name, Group root, CodecLimits limits, Hdf5Allowance allowance) {
        this.name = name;
        this.root = root;
        this.limits = limits;
        this.allowance = allowance;
    }

    /**
     * Opens a file.
     *
     * @param allowance of all files of the body
     */
    static Hdf5File open(Section section, CodecLimits limits, Hdf5Allowance allowance) {
        ByteBuffer content = section.bytes(0, section.length(), ByteOrder.LITTLE_ENDIAN);
        return new Hdf5File(
                section.name(),
                guarded(section.name(), () -> Hdf5Storage.open(content, allowance)),
                limits,
                allowance);
    }

    String name() {
        return name;
    }

    boolean hasGroup(String path) {
        return node(path).filter(Node::isGroup).isPresent();
    }

    /** The names of a group's children, in the library's order. */
    List<String> children(String path) {
        return guarded(
                name,
                () ->
                        node(path)
                                .map(node -> List.copyOf(((Group) node).getChildren().keySet()))
                                .orElse(List.of()));
    }

    /** The dataset at a path, if there is one. */
    Optional<Hdf5Dataset> dataset(String path) {
        return guarded(
                name,
                () ->
                        node(path)
                                .filter(Dataset.class::isInstance)
                                .map(node ->
                                        new Hdf5Dataset(name, (Dataset) node, limits, allowance)));
    }

    @Override
    public Optional<String> text(String path, String attribute) {
        return value(path, attribute).flatMap(Hdf5File::asText);
    }

    @Override
    public List<Double> numbers(String path, String attribute) {
        return value(path, attribute).map(Hdf5File::asNumbers).orElse(List.of());
    }

    @Override
    public List<String> attributes(String path) {
        return guarded(
                name,
                () ->
                        node(path)
                                .map(node -> List.copyOf(node.getAttributes().keySet()))
                                .orElse(List.of()));
    }

    @Override
    public List<String> variables() {
        return children("/").stream().filter(child -> dataset(child).isPresent()).toList();
    }

    @Override
    public CfVariable variable(String path) {
        return dataset(path)
                .orElseThrow(() ->
                        new UnusableFramesException("%s: no dataset %s".formatted(name, path)));
    }

    /** A single number. */
    OptionalDouble number(String path, String attribute) {
        List<Double> numbers = numbers(path, attribute);
        return numbers.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(numbers.getFirst());
    }

    private Optional<Node> node(String path) {
        return guarded(
                name,
                () -> {
                    Node found = root;
                    for (String step : path.split("/", -1)) {
                        if (step.isEmpty()) {
                            continue;
                        }
                        @Nullable Node child =
                                found instanceof Group group ? group.getChild(step) : null;
                        if (child == null) {
                            return Optional.empty();
                        }
                        found = child;
                    }
                    return Optional.of(found);
                });
    }

    private Optional<Object> value(String path, String name) {
        return guarded(
                this.name,
                () -> {
                    Optional<Node> node = node(path);
                    @Nullable Attribute attribute =
                            node.isPresent() ? node.get().getAttribute(name) : null;
                    return attribute != null && isShort(attribute)
                            ? Optional.ofNullable(attribute.getData())
                            : Optional.empty();
                });
    }

    /**
     * Of strings one: the library makes each of a list, an array or a compound anew, also where all
     * are the same bytes.
     */
    private static boolean isShort(Attribute attribute) {
        return switch (attribute.getDataType()) {
            case FixedPoint _, FloatingPoint _ -> attribute.getSize() <= LONGEST_ATTRIBUTE;
            case StringData _ -> attribute.getSize() <= 1;
            case VariableLength list -> list.isVariableLengthString() && attribute.getSize() <= 1;
            default -> false;
        };
    }

    private static Optional<String> asText(Object value) {
        @Nullable Object first =
                value.getClass().isArray() && Array.getLength(value) == 1
                        ? Array.get(value, 0)
                        : value;
        return first instanceof String text && text.length() <= LONGEST_ATTRIBUTE
                ? Optional.of(text.strip())
                : Optional.empty();
    }

    private static List<Double> asNumbers(Object value) {
        List<Double> numbers = new ArrayList<>();
        int length = value.getClass().isArray() ? Array.getLength(value) : 1;
        for (int index = 0; index < length; index++) {
            @Nullable Object element = value.getClass().isArray() ? Array.get(value, index) : value;
            if (element instanceof Number number) {
                numbers.add(number.doubleValue());
            }
        }
        return numbers;
    }

    /**
     * Calls the library. It documents no exceptions of its own for damaged files, where anything
     * from an index out of bounds to a group that contains itself without end was seen; all of it
     * means that the bytes are damaged, since memory is all that it reads from, or are of a version
     * of the format that it does not know.
     */
    static <T> T guarded(String name, Supplier<T> call) {
        try {
            return call.get();
        } catch (CodecException ours) {
            throw ours;
        } catch (RuntimeException | StackOverflowError damaged) {
            Throwable reason = reason(damaged);
            throw new MalformedBodyException(
                    "%s: damaged or unknown HDF5: %s"
                            .formatted(
                                    name,
                                    Optional.ofNullable(reason.getMessage())
                                            .orElse(reason.getClass().getSimpleName())),
                    damaged);
        }
    }

    /** What the storage or the library refused, within what the library failed at because of it. */
    private static Throwable reason(Throwable damaged) {
        for (Throwable cause = damaged; cause != null; cause = cause.getCause()) {
            if (cause instanceof MalformedBodyException
                    || cause instanceof UnsupportedHdfException) {
                return cause;
            }
        }
        return damaged;
    }
}
