package io.nowcast.layout;

import io.nowcast.checkpoint.Checkpoint;
import io.nowcast.network.RecurrentNetwork;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
     * @throws LayoutException if no layout has these keys or the names that the manifest gives
     */
    public static Reading read(Checkpoint checkpoint, Map<String, String> choices) {
        Choices open = new Choices(choices);
        return read(
                open.text(ChildModules.PREFIX)
                        .map(new ChildModules(checkpoint)::named)
                        .orElse(checkpoint),
                open);
    }

    private static Reading read(Checkpoint checkpoint, Choices open) {
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
        Optional<String> another = another(checkpoint, layout, weights);
        if (another.isPresent()) {
            return new Reading(
                    layout.name(), network, weights.roles(), List.of(), List.of(another.get()));
        }
        List<String> problems = new ArrayList<>();
        problems.addAll(weights.misshapen());
        problems.addAll(open.problems());
        problems.addAll(misfits.isEmpty() ? open.unasked(layout.name()) : misfits);
        problems.addAll(misfits.isEmpty() ? weights.unknown() : weights.unread());
        return new Reading(layout.name(), network, weights.roles(), open.questions(), problems);
    }

    private static Layout layout(Checkpoint checkpoint, Choices choices) {
        Optional<String> named = choices.text("layout");
        return named.map(RecognisedNetwork::called)
                .orElseGet(() -> recognising(checkpoint))
                .orElseThrow(() ->
                        named.map(RecognisedNetwork::misnamed)
                                .orElseGet(() -> unknown(checkpoint)));
    }

    private static Optional<Layout> called(String name) {
        return LAYOUTS.stream().filter(known -> known.name().equals(name)).findFirst();
    }

    private static Optional<Layout> recognising(Checkpoint checkpoint) {
        Set<String> keys = checkpoint.tensors().keySet();
        return LAYOUTS.stream().filter(known -> known.recognises(keys)).findFirst();
    }

    /**
     * Tells of a second network, as of an averaged copy or of a decoder: asked what its layers are
     * for, nobody could give an answer that serves.
     */
    private static Optional<String> another(Checkpoint checkpoint, Layout layout, Weights weights) {
        Set<String> unread = new LinkedHashSet<>(weights.keys());
        weights.roles().stream()
                .filter(role -> !role.role().startsWith(StackLayers.HEAD))
                .forEach(role -> unread.remove(role.key()));
        return unread.size() < weights.keys().size() && layout.recognises(unread)
                ? Optional.of(
                        "the file holds another such network beside the one that was read. %sA network of several is not served from its weights, but as a TorchScript module. Not read: %s"
                                .formatted(ofOne("If they are copies, ", checkpoint, ". "), unread))
                : Optional.empty();
    }

    /** The names of modules that are networks by themselves. */
    private static String ofOne(String before, Checkpoint checkpoint, String after) {
        List<String> modules =
                new ChildModules(checkpoint).recognised(RecognisedNetwork::recognising);
        return modules.isEmpty()
                ? ""
                : "%snetwork.prefix says whose keys are to be read, those of one of %s%s"
                        .formatted(before, modules, after);
    }

    private static LayoutException misnamed(String name) {
        return new LayoutException(
                "network.layout is one of %s, got '%s'".formatted(layouts(), name));
    }

    private static LayoutException unknown(Checkpoint checkpoint) {
        Set<String> keys = checkpoint.tensors().keySet();
        List<String> some = keys.stream().limit(12).toList();
        return new LayoutException(
                "no known layout has these keys: %s%s; %sknown layouts: %s. A hand-written cell can be described, and a network that is not listed can be served as a TorchScript module"
                        .formatted(
                                some,
                                keys.size() > some.size() ? ", ..." : "",
                                ofOne("", checkpoint, "; "),
                                layouts()));
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
