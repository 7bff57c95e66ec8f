package io.nowcast.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The models that are served and those that could not be, with the reason. Readers see one
 * consistent state; it is replaced as a whole.
 */
public final class ModelCatalogue {

    private final String defaultModel;
    private volatile State state = new State(Map.of(), Map.of());

    public ModelCatalogue(String defaultModel) {
        this.defaultModel = defaultModel;
    }

    /** Replaces what is served. */
    public void publish(List<ServedModel> models, Map<String, String> broken) {
        Map<String, ServedModel> byName = new TreeMap<>();
        models.forEach(model -> byName.put(model.name(), model));
        state = new State(byName, new TreeMap<>(broken));
    }

    public String defaultModel() {
        return defaultModel;
    }

    public Optional<ServedModel> find(String name) {
        return Optional.ofNullable(state.models.get(name));
    }

    /** All served models, by name. */
    public List<ServedModel> models() {
        return List.copyOf(state.models.values());
    }

    /** The reason why a model folder is not served, by its name. */
    public Map<String, String> broken() {
        return Map.copyOf(state.broken);
    }

    private record State(Map<String, ServedModel> models, Map<String, String> broken) {}
}
