package io.nowcast.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The models that are served and those that could not be, with the reason. Readers see one
 * consistent state; it is replaced as a whole, so that a model is served by one generation until it
 * is by the next.
 */
public final class ModelCatalogue {

    private final String defaultModel;
    private volatile State state = new State(Map.of(), Map.of(), Map.of());

    public ModelCatalogue(String defaultModel) {
        this.defaultModel = defaultModel;
    }

    /** Replaces all that is served. */
    public void publish(List<ServedModel> models, Map<String, String> broken) {
        Map<String, ServedModel> byName = new HashMap<>();
        models.forEach(model -> byName.put(model.name(), model));
        change(now -> new State(byName, broken, now.attempts));
    }

    /** Serves a model in the place of the one of its name, if there is one. */
    public void serve(ServedModel model) {
        change(now -> {
            Map<String, ServedModel> models = new HashMap<>(now.models);
            Map<String, String> broken = new HashMap<>(now.broken);
            models.put(model.name(), model);
            broken.remove(model.name());
            return new State(models, broken, now.attempts);
        });
    }

    /** Tells how an attempt to change a model stands; one that is not served is broken by it. */
    public void tell(String name, ChangeAttempt attempt) {
        change(now -> {
            Map<String, ChangeAttempt> attempts = new HashMap<>(now.attempts);
            Map<String, String> broken = new HashMap<>(now.broken);
            attempts.put(name, attempt);
            if (!now.models.containsKey(name)) {
                attempt.reason().ifPresent(reason -> broken.put(name, reason));
            }
            return new State(now.models, broken, attempts);
        });
    }

    private synchronized void change(UnaryOperator<State> next) {
        state = next.apply(state);
    }

    public String defaultModel() {
        return defaultModel;
    }

    public Optional<ServedModel> find(String name) {
        return Optional.ofNullable(state.models.get(name));
    }

    /** All served models, by name. */
    public List<ServedModel> models() {
        return List.copyOf(new TreeMap<>(state.models).values());
    }

    /** The reason why a model folder is not served, by its name. */
    public Map<String, String> broken() {
        return state.broken;
    }

    /** The last attempt to change a model. */
    public Optional<ChangeAttempt> lastChange(String name) {
        return Optional.ofNullable(state.attempts.get(name));
    }

    private record State(
            Map<String, ServedModel> models,
            Map<String, String> broken,
            Map<String, ChangeAttempt> attempts) {

        private State {
            models = Map.copyOf(models);
            broken = Map.copyOf(broken);
            attempts = Map.copyOf(attempts);
        }
    }
}
