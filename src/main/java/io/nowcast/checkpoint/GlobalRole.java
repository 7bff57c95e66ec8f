package io.nowcast.checkpoint;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The allow-list: what a name in a pickle means to this reader. Names are never resolved to code.
 *
 * <p>A name is either <em>understood</em>, because {@code torch.save} needs it to describe a
 * tensor; or <em>inert</em>, because it is a class that training frameworks put beside the weights:
 * its instances are kept as {@link PickledValue.Opaque} and never looked into; or it is refused as
 * soon as the stream mentions it, called or not. See docs/decisions/0002-reading-pickles.md.
 */
enum GlobalRole {
    ORDERED_DICT,
    /** {@code (storage, offset, shape, strides, ...)}. */
    TENSOR,
    /** {@code (tensor, ...)}. */
    PARAMETER,
    /** {@code torch.Size}: a tuple. */
    SIZE,
    STORAGE,
    /** {@code (value, type)}: TorchScript's note of a container's type. */
    TAGGED,
    INERT;

    private static final Set<String> INERT_NAMES =
            Set.of(
                    "_codecs.encode",
                    "argparse.Namespace",
                    "collections.Counter",
                    "collections.defaultdict",
                    "collections.deque",
                    "datetime.date",
                    "datetime.datetime",
                    "datetime.timedelta",
                    "numpy.core.multiarray._reconstruct",
                    "numpy._core.multiarray._reconstruct",
                    "numpy.core.multiarray.scalar",
                    "numpy._core.multiarray.scalar",
                    "numpy.dtype",
                    "numpy.ndarray",
                    "torch.device",
                    "typing.Any");

    private static final Set<String> INERT_BUILTINS =
            Set.of(
                    "bool",
                    "bytearray",
                    "bytes",
                    "complex",
                    "dict",
                    "float",
                    "frozenset",
                    "int",
                    "list",
                    "object",
                    "range",
                    "set",
                    "slice",
                    "str",
                    "tuple");

    private static final List<String> INERT_PACKAGES =
            List.of(
                    "lightning.",
                    "lightning_fabric.",
                    "lightning_utilities.",
                    "numpy.dtypes.",
                    "omegaconf.",
                    "pathlib.",
                    "pytorch_lightning.",
                    "torch.nn.modules.",
                    "torch.optim.");

    private static final Pattern CLASS_NAME = Pattern.compile("[A-Z]\\w*");

    /** The role of a name, or nothing if it is not on the list. */
    static Optional<GlobalRole> of(String module, String name) {
        String qualified = module + "." + name;
        return switch (qualified) {
            case "collections.OrderedDict" -> Optional.of(ORDERED_DICT);
            case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2" ->
                    Optional.of(TENSOR);
            case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state" ->
                    Optional.of(PARAMETER);
            case "torch.Size" -> Optional.of(SIZE);
            case "torch.jit._pickle.restore_type_tag" -> Optional.of(TAGGED);
            default -> ofFamily(module, name, qualified);
        };
    }

    private static Optional<GlobalRole> ofFamily(String module, String name, String qualified) {
        boolean torch = module.equals("torch") || module.equals("torch.cuda");
        if (torch && ElementType.ofStorageClass(name).isPresent()) {
            return Optional.of(STORAGE);
        }
        boolean builtin = module.equals("builtins") || module.equals("__builtin__");
        boolean inert =
                INERT_NAMES.contains(qualified)
                        || (builtin && INERT_BUILTINS.contains(name))
                        || (torch && ElementType.isDtype(name))
                        || isInertClass(qualified, name);
        return inert ? Optional.of(INERT) : Optional.empty();
    }

    private static boolean isInertClass(String qualified, String name) {
        return CLASS_NAME.matcher(name).matches()
                && INERT_PACKAGES.stream().anyMatch(qualified::startsWith);
    }
}
