package io.nowcast.reload;

import io.nowcast.model.ServedModel;
import java.time.Duration;
import java.util.Optional;

/**
 * A change that was made.
 *
 * @param model its name
 * @param generation which of the loadings under that name is served now
 * @param digest of its weights
 * @param previousGeneration which one was served before; absent where none was
 * @param previousDigest of the weights served before
 * @param seconds from the request for it until requests were admitted for the new generation
 */
public record ModelChange(
        String model,
        int generation,
        String digest,
        Optional<Integer> previousGeneration,
        Optional<String> previousDigest,
        double seconds) {

    static ModelChange of(Optional<ServedModel> before, ServedModel after, Duration took) {
        return new ModelChange(
                after.name(),
                after.generation().number(),
                after.facts().digest(),
                before.map(model -> model.generation().number()),
                before.map(model -> model.facts().digest()),
                seconds(took));
    }

    static double seconds(Duration took) {
        return took.toMillis() / 1e3;
    }
}
