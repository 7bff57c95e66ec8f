package io.nowcast.layout;

import io.nowcast.checkpoint.Checkpoint;
import io.nowcast.network.RecurrentNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A network and the layout that it was recognised by.
 *
 * @param layout name of the layout
 * @param network the canonical form
 * @param parameters number of values of the file that the network uses
 */
public record RecognisedNetwork(String layout, RecurrentNetwork network, long parameters) {

    /** In the order in which they are tried: the more specific first. */
    private static final List<Layout> LAYOUTS =
            List.of(
                    new RadarConvGruLayout(),
                    new FeatureLoopLayout(),
                    new GroupNormForecasterLayout(),
                    new HkoForecasterLayout(),
                    new PixelShuffleForecasterLayout(),
                    new UNetConvLstmLayout(),
                    new HiddenFeedbackLayout(),
                    new ReplayLayout(),
                    new PredRnnLayout(),
                    new OpenStlLayout(),
                    new ConvLstmStackLayout(),
                    new FusedConvGruLayout(),
                    new ResetAfterConvGruLayout(),
                    new SeparateConvGruLayout(),
                    new ConvGruCellLayout(),
                    new PerGateConvLstmLayout(),
                    new TutorialConvGruLayout(),
                    new TorchRnnLayout(),
                    new DescribedLayout());

    /** Names of all layouts that can be recognised or described. */
    public static List<String> layouts() {
        return LAYOUTS.stream().map(Layout::name).toList();
    }

    /**
     * Recognises the network in a checkpoint by its keys, or by the layout that the manifest names.
     *
     * @param choices what the manifest says where keys cannot decide, by name
     * @throws LayoutException if no layout has these keys, tensors are missing, misshapen or
     *     unknown, or a choice is open; all of it is told at once
     */
    public static RecognisedNetwork in(Checkpoint checkpoint, Map<String, String> choices) {
        Reading reading = read(checkpoint, choices);
        if (!reading.problems().isEmpty() || reading.network().isEmpty()) {
            throw new LayoutException(
                    "not a %s network: %s"
                            .formatted(reading.layout(), String.join("; ", reading.problems())));
        }
        return new RecognisedNetwork(
                reading.layout(), reading.network().get(), reading.parameters());
    }

    /**
     * Reads as far as possible: open questions are answered by their first option, and problems are
     * told instead of thrown.
     *
     * @throws LayoutException if no layout has these keys or the name that the manifest gives
     */
    public static Reading read(Checkpoint checkpoint, Map<String, String> choices) {
        Choices open = new Choices(choices);
        Layout layout = layout(checkpoint, open);
        Weights weights = new Weights(checkpoint);
        Optional<RecurrentNetwork> network;
        List<String> misfits = new ArrayList<>();
        try {
            weights.requireValues();
            network = Optional.of(layout.read(weights, open));
        } catch (IllegalArgumentException misfit) {
            network = Optional.empty();
            misfits.add(String.valueOf(misfit.getMessage()));
        }
        List<String> problems = new ArrayList<>();
        problems.addAll(weights.misshapen());
        problems.addAll(open.problems());
        problems.addAll(misfits.isEmpty() ? open.unasked(layout.name()) : misfits);
        problems.addAll(misfits.isEmpty() ? weights.unknown() : weights.unread());
        return new Reading(layout.name(), network, weights.roles(), open.questions(), problems);
    }

    private static Layout layout(Checkpoint checkpoint, Choices choices) {
        Set<String> keys = checkpoint.tensors().keySet();
        Optional<String> named = choices.text("layout");
        return LAYOUTS.stream()
                .filter(known ->
                        named.map(known.name()::equals).orElseGet(() -> known.recognises(keys)))
                .findFirst()
                .orElseThrow(() ->
                        named.map(RecognisedNetwork::misnamed).orElseGet(() -> unknown(keys)));
    }

    private static LayoutException misnamed(String name) {
        return new LayoutException(
                "network.layout is one of %s, got '%s'".formatted(layouts(), name));
    }

    private static LayoutException unknown(Set<String> keys) {
        List<String> some = keys.stream().limit(12).toList();
        return new LayoutException(
                "no known layout has these keys: %s%s; %sknown layouts: %s. A hand-written cell can be described, and a network that is not listed can be served as a TorchScript module"
                        .formatted(
                                some,
                                keys.size() > some.size() ? ", ..." : "",
                                wrapped(keys),
                                layouts()));
    }

    /** A hint where a layout would have the keys without the name that all of them begin with. */
    private static String wrapped(Set<String> keys) {
        String first = keys.iterator().next();
        String wrapper = first.substring(0, first.indexOf('.') + 1);
        if (wrapper.isEmpty() || !keys.stream().allMatch(key -> key.startsWith(wrapper))) {
            return "";
        }
        Set<String> inner =
                keys.stream()
                        .map(key -> key.substring(wrapper.length()))
                        .collect(Collectors.toSet());
        return LAYOUTS.stream()
                .filter(known -> known.recognises(inner))
                .findFirst()
                .map(known ->
                        "they are those of %s behind '%s': save the state_dict of that module; "
                                .formatted(known.name(), wrapper))
                .orElse("");
    }

    /**
     * What was found in a checkpoint.
     *
     * @param layout name of the layout
     * @param network the canonical form, unless its tensors do not fit each other
     * @param roles what each tensor is for
     * @param questions what the keys do not tell
     * @param problems why the network cannot be served; empty if it can
     */
    public record Reading(
            String layout,
            Optional<RecurrentNetwork> network,
            List<KeyRole> roles,
            List<Question> questions,
            List<String> problems) {

        public Reading {
            roles = List.copyOf(roles);
            questions = List.copyOf(questions);
            problems = List.copyOf(problems);
        }

        /** Number of values of the file that the network uses, statistics of norms among them. */
        public long parameters() {
            return roles.stream()
                    .filter(role -> !role.unused())
                    .mapToLong(role ->
                            role.shape().stream()
                                    .mapToLong(Integer::longValue)
                                    .reduce(1, (a, b) -> a * b))
                    .sum();
        }
    }
}
