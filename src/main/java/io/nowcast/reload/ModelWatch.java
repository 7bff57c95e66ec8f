package io.nowcast.reload;

import io.nowcast.model.FolderState;
import io.nowcast.model.ModelException;
import io.nowcast.model.ModelRepository;
import io.nowcast.model.ModelSnapshots;
import io.nowcast.worker.WorkerPool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the models directory: a folder that is new or has changed, and then stayed as it is for
 * the settling time, is served. A folder that was refused is tried again when it changes. A model
 * whose folder is gone is served on: a network file system that went away must not take the models
 * with it.
 *
 * <p>It looks again and again rather than be told, since the kernel tells nothing of what other
 * machines write to a network file system, nor reliably of a link that is moved. One thread looks.
 */
final class ModelWatch {

    private static final Logger LOG = LoggerFactory.getLogger(ModelWatch.class);

    private final ModelRepository repository;
    private final ModelSnapshots snapshots;
    private final ModelChanges changes;
    private final WorkerPool pool;
    private final Duration settle;
    private final LongSupplier nanoTime;
    private final Map<String, Sighting> unsettled = new HashMap<>();
    private final Map<String, FolderState> tried = new HashMap<>();
    private final Map<String, String> unreadable = new HashMap<>();
    private Set<String> present = Set.of();
    private String complaint = "";

    ModelWatch(
            ModelRepository repository,
            ModelSnapshots snapshots,
            ModelChanges changes,
            WorkerPool pool,
            Duration settle,
            LongSupplier nanoTime) {
        this.repository = repository;
        this.snapshots = snapshots;
        this.changes = changes;
        this.pool = pool;
        this.settle = settle;
        this.nanoTime = nanoTime;
    }

    /** Looks at all folders once, and changes what is to be changed. */
    void look() {
        if (!pool.isRunning()) {
            return;
        }
        try {
            Map<String, Path> folders = repository.folders();
            tellWhatIsGone(folders.keySet());
            folders.forEach(this::lookAtOne);
            complaint = "";
        } catch (ModelException problem) {
            complain(String.valueOf(problem.getMessage()));
        }
    }

    /** A folder that cannot be read, such as another user's, does not hide those behind it. */
    private void lookAtOne(String name, Path folder) {
        try {
            look(name, folder);
            unreadable.remove(name);
        } catch (ModelException problem) {
            String reason = String.valueOf(problem.getMessage());
            if (!reason.equals(unreadable.put(name, reason))) {
                LOG.error("The folder of model {} cannot be watched: {}", name, reason);
            }
        }
    }

    private void look(String name, Path folder) {
        FolderState state = FolderState.of(folder);
        if (isDealtWith(name, state)) {
            unsettled.remove(name);
            return;
        }
        Sighting sighting =
                Optional.ofNullable(unsettled.get(name))
                        .filter(seen -> seen.state().equals(state))
                        .orElseGet(() -> new Sighting(state, nanoTime.getAsLong()));
        unsettled.put(name, sighting);
        boolean settled = nanoTime.getAsLong() - sighting.since() >= settle.toNanos();
        if (settled && changes.follow(name)) {
            tried.put(name, state);
            unsettled.remove(name);
        }
    }

    /** Whether this was tried, or is what a change on request has read. */
    private boolean isDealtWith(String name, FolderState state) {
        return state.equals(tried.get(name))
                || snapshots.origin(name).filter(state::equals).isPresent();
    }

    private void tellWhatIsGone(Set<String> now) {
        present.stream()
                .filter(name -> !now.contains(name))
                .forEach(name ->
                        LOG.warn(
                                "The folder of model {} is gone; what is served goes on until a restart",
                                name));
        present = new HashSet<>(now);
        tried.keySet().retainAll(now);
        unreadable.keySet().retainAll(now);
    }

    private void complain(String problem) {
        if (!problem.equals(complaint)) {
            complaint = problem;
            LOG.error(
                    "The models directory cannot be watched, what is served goes on: {}", problem);
        }
    }

    /**
     * A folder that has changed.
     *
     * @param since when it was first seen like this
     */
    private record Sighting(FolderState state, long since) {}
}
