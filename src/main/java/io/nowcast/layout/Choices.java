package io.nowcast.layout;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the manifest says of a network where the keys of its checkpoint cannot. Every question is
 * remembered, so that all that are open can be told at once; until then an open one is read as its
 * first option. Every choice that is given must be asked for, else it is a mistake in the manifest.
 */
final class Choices {

    /** Of so few digits that it is an {@code int}. */
    private static final Pattern INTEGER = Pattern.compile("[0-9]{1,9}");

    private final Map<String, String> given;
    private final Map<String, Question> questions = new LinkedHashMap<>();
    private final Map<String, String> hints = new HashMap<>();
    private final Set<String> mistakes = new LinkedHashSet<>();

    Choices(Map<String, String> given) {
        this.given = Map.copyOf(given);
    }

    /** The value that stands for a choice that the manifest must make. */
    <T> T among(String name, Map<String, T> values) {
        return chosen(name, values, Optional.empty());
    }

    /** The value that stands for a choice that the manifest may make. */
    <T> T among(String name, Map<String, T> values, String otherwise) {
        return chosen(name, values, Optional.of(otherwise));
    }

    private <T> T chosen(String name, Map<String, T> values, Optional<String> otherwise) {
        Collection<String> options = new TreeSet<>(values.keySet());
        String answer = given.get(name);
        if (answer != null && !options.contains(answer)) {
            mistakes.add("network.%s is one of %s, got '%s'".formatted(name, options, answer));
        }
        String text = ask(name, options, otherwise);
        T value = values.get(text);
        return value != null
                ? value
                : Objects.requireNonNull(values.get(options.iterator().next()));
    }

    /** One of some texts. */
    String among(String name, List<String> options, Optional<String> otherwise) {
        Map<String, String> values = new LinkedHashMap<>();
        options.forEach(option -> values.put(option, option));
        return chosen(name, values, otherwise);
    }

    /**
     * One of some texts, or several of them, each once, separated by commas.
     *
     * @param hint what to tell of several where the manifest must choose
     */
    List<String> some(String name, List<String> options, Optional<String> otherwise, String hint) {
        hints.put(name, hint);
        List<String> chosen = parts(name);
        if (chosen.size() < 2) {
            return List.of(among(name, options, otherwise));
        }
        ask(name, options, otherwise);
        return known(name, chosen, options) ? chosen : List.of(options.getFirst());
    }

    /** Some of some texts, each once, separated by commas; none where the manifest is silent. */
    List<String> some(String name, List<String> options) {
        List<String> chosen = text(name).isEmpty() ? List.of() : parts(name);
        return known(name, chosen, options) ? chosen : List.of();
    }

    private List<String> parts(String name) {
        return Stream.of(given.getOrDefault(name, "").split(",", -1)).map(String::strip).toList();
    }

    private boolean known(String name, List<String> chosen, List<String> options) {
        if (options.containsAll(chosen) && Set.copyOf(chosen).size() == chosen.size()) {
            return true;
        }
        mistakes.add("network.%s names each once of %s, got %s".formatted(name, options, chosen));
        return false;
    }

    /** A text that the manifest must give; the name itself until it does. */
    String text(String name, String what) {
        ask(name, List.of(what), Optional.empty());
        return given.getOrDefault(name, name);
    }

    /** A text that the manifest may give. */
    Optional<String> text(String name) {
        questions.put(
                name, new Question(name, List.of(), Optional.ofNullable(given.get(name)), false));
        return Optional.ofNullable(given.get(name));
    }

    /** Integers from 0, separated by commas, that the manifest may give. */
    List<Integer> integers(String name) {
        List<String> parts =
                text(name).stream()
                        .flatMap(text -> Stream.of(text.split(",", -1)))
                        .map(String::strip)
                        .toList();
        if (!parts.stream().allMatch(INTEGER.asMatchPredicate())) {
            mistakes.add(
                    "network.%s is integers separated by commas, got '%s'"
                            .formatted(name, given.get(name)));
            return List.of();
        }
        return parts.stream().map(Integer::valueOf).toList();
    }

    /** Demands a choice, read by other means, that the manifest does not make. */
    void ask(String name, String what) {
        questions.put(name, new Question(name, List.of(what), Optional.empty(), true));
    }

    /** Refuses a combination of choices. */
    void mistake(String what) {
        mistakes.add(what);
    }

    private String ask(String name, Collection<String> options, Optional<String> otherwise) {
        Optional<String> known = Optional.ofNullable(given.get(name)).or(() -> otherwise);
        questions.put(name, new Question(name, List.copyOf(options), known, otherwise.isEmpty()));
        return known.orElseGet(() -> options.iterator().next());
    }

    /** Whether a choice was asked for that the manifest must still make. */
    boolean open(String name) {
        Question question = questions.get(name);
        return question != null && question.open();
    }

    List<Question> questions() {
        return List.copyOf(questions.values());
    }

    /** What is wrong with the choices that were asked for, for people; empty if nothing. */
    List<String> problems() {
        List<String> problems = new ArrayList<>(mistakes);
        questions.values().stream()
                .filter(Question::open)
                .map(question ->
                        "the weights do not tell '%s': the manifest must say network.%s, one of %s%s"
                                .formatted(
                                        question.name(),
                                        question.name(),
                                        question.options(),
                                        hints.getOrDefault(question.name(), "")))
                .forEach(problems::add);
        return problems;
    }

    /** Choices that nothing asked for, once all of the weights are read. */
    List<String> unasked(String layout) {
        Set<String> unasked = new TreeSet<>(given.keySet());
        unasked.removeAll(questions.keySet());
        return unasked.isEmpty()
                ? List.of()
                : List.of(
                        "the manifest's network entries %s mean nothing for the layout %s"
                                .formatted(unasked, layout));
    }
}
