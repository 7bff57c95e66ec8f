package io.nowcast.reload;

import io.nowcast.model.ChangeAttempt;
import io.nowcast.model.ChangeAttempt.Kind;
import io.nowcast.model.ChangeAttempt.State;
import io.nowcast.model.ModelCatalogue;
import io.nowcast.model.ModelException;
import io.nowcast.model.ModelFolder;
import io.nowcast.model.ModelRepository;
import io.nowcast.model.ModelSnapshots;
import io.nowcast.model.ServedModel;
import io.nowcast.reload.ChangeListener.Outcome;
import io.nowcast.worker.WorkerPool;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * `turn` is held from the first look at a folder until the change is made or refused, by one thread: there is one change at a time.
 * `earlier` and `underWay` are written under it only.
 */

/**
 * Serves other files under the name of a model: loads them beside what is served, and switches if
 * they are sound. A generation's files are kept until the one after the next is served, so that
 * there is a way back. One change at a time, since each needs memory for another generation.
 */
public final class ModelChanges {

    private static final Logger LOG = LoggerFactory.getLogger(ModelChanges.class);

    private final ModelRepository repository;
    private final ModelSnapshots snapshots;
    private final ModelCatalogue catalogue;
    private final WorkerPool pool;
    private final ChangeListener listener;
    private final InstantSource clock;
    private final ReentrantLock turn = new ReentrantLock();
    private final Map<String, ModelFolder> earlier = new HashMap<>();
    private volatile String underWay = "";

    ModelChanges(
            ModelRepository repository,
            ModelSnapshots snapshots,
            ModelCatalogue catalogue,
            WorkerPool pool,
            ChangeListener listener,
            InstantSource clock) {
        this.repository = repository;
        this.snapshots = snapshots;
        this.catalogue = catalogue;
        this.pool = pool;
        this.listener = listener;
        this.clock = clock;
    }

    /**
     * Serves a model as its folder is now, also one that is not served yet. Blocks until it is
     * served or refused.
     *
     * @throws ChangeException if it is not served
     */
    public ModelChange reload(String name) {
        return inTurn(
                name,
                () -> {
                    Attempt attempt = new Attempt(name, Kind.RELOAD);
                    return attempt.serve(attempt.snapshot());
                });
    }

    /**
     * Serves the files of the generation before the present one, as they were when that was loaded.
     * Twice in a row it leads back to where it began. The models directory is not changed.
     *
     * @throws ChangeException if they are not served
     */
    public ModelChange rollback(String name) {
        return inTurn(
                name,
                () -> {
                    if (catalogue.find(name).isEmpty()) {
                        throw unknown(name);
                    }
                    ModelFolder files =
                            Optional.ofNullable(earlier.get(name))
                                    .orElseThrow(() ->
                                            new ChangeException.NotNow(
                                                    "there is no generation of model '%s' before this one that its files were kept of"
                                                            .formatted(name)));
                    return new Attempt(name, Kind.ROLLBACK).serve(files);
                });
    }

    /**
     * Serves a model as its folder is now, unless that holds what is served already. What comes of
     * it is in the log and in the catalogue.
     *
     * @return false if another change is under way
     */
    boolean follow(String name) {
        try {
            inTurn(
                    name,
                    () -> {
                        Attempt attempt = new Attempt(name, Kind.WATCH);
                        ModelFolder files = attempt.snapshot();
                        if (attempt.isServed(files)) {
                            attempt.unchanged(files);
                        } else {
                            attempt.serve(files);
                        }
                        return name;
                    });
            return true;
        } catch (ChangeException.NotNow _) {
            return false;
        } catch (ChangeException _) {
            return true;
        }
    }

    private <T> T inTurn(String name, Change<T> change) {
        if (!snapshots.areWanted()) {
            throw new ChangeException.NotNow(
                    "models are not changed while they are served: nowcast.models.changes is false");
        }
        if (!turn.tryLock()) {
            throw new ChangeException.NotNow(
                    "a change of model '%s' is under way, and there is one at a time"
                            .formatted(underWay));
        }
        try {
            underWay = name;
            return change.make();
        } finally {
            turn.unlock();
        }
    }

    private static ChangeException unknown(String name) {
        return new ChangeException.Unknown("no model '%s' is served".formatted(name));
    }

    /** A change, with its result. */
    private interface Change<T> {
        T make();
    }

    /** One attempt, from the look at the folder to its end. */
    private final class Attempt {

        private final String name;
        private final Kind kind;
        private final Optional<ServedModel> before;
        private final Instant began = clock.instant();

        private Attempt(String name, Kind kind) {
            this.name = name;
            this.kind = kind;
            this.before = catalogue.find(name);
        }

        private ModelFolder snapshot() {
            try {
                Path folder = repository.folders().get(name);
                if (folder == null && before.isEmpty()) {
                    throw unknown(name);
                }
                if (folder == null) {
                    throw new ModelException("there is no folder of this name any more");
                }
                return snapshots.take(name, folder);
            } catch (ChangeException problem) {
                throw problem;
            } catch (RuntimeException problem) {
                throw refused(problem);
            }
        }

        private boolean isServed(ModelFolder files) {
            try {
                return before.filter(model -> ModelSnapshots.areSame(model.folder(), files))
                        .isPresent();
            } catch (ModelException problem) {
                snapshots.discard(files);
                throw refused(problem);
            }
        }

        private void unchanged(ModelFolder files) {
            snapshots.discard(files);
            listener.ended(name, kind, Outcome.UNCHANGED, took());
            LOG.info("The folder of model {} was written to and holds what is served", name);
        }

        private ModelChange serve(ModelFolder files) {
            tell(State.LOADING, Optional.empty());
            ServedModel after = load(files);
            keep(after);
            tell(State.SERVED, Optional.empty());
            listener.served(after);
            listener.ended(name, kind, Outcome.SERVED, took());
            ModelChange change = ModelChange.of(before, after, took());
            LOG.info("Model {} is changed ({}): {}", name, kind, change);
            return change;
        }

        private ServedModel load(ModelFolder files) {
            try {
                return pool.serve(files);
            } catch (RuntimeException problem) {
                if (!files.equals(earlier.get(name))) {
                    snapshots.discard(files);
                }
                throw refused(problem);
            }
        }

        /** What was served is what a rollback leads to; what was before it is not kept. */
        private void keep(ServedModel after) {
            Optional<ModelFolder> older = Optional.ofNullable(earlier.remove(name));
            before.map(ServedModel::folder)
                    .filter(snapshots::holds)
                    .ifPresent(files -> earlier.put(name, files));
            older.filter(files -> !files.equals(after.folder())).ifPresent(snapshots::discard);
        }

        /** Whatever the problem is: else the change would seem to go on, and be tried again. */
        private ChangeException refused(RuntimeException problem) {
            boolean foreseen = problem instanceof ModelException;
            String reason =
                    foreseen
                            ? String.valueOf(problem.getMessage())
                            : "it fails unexpectedly: " + problem;
            if (!foreseen) {
                LOG.error("A change of model {} fails unexpectedly", name, problem);
            }
            tell(State.REFUSED, Optional.of(reason));
            listener.ended(name, kind, Outcome.REFUSED, took());
            LOG.error(
                    "Model {} is not changed ({}), {}: {}",
                    name,
                    kind,
                    before.map(model -> "generation " + model.generation().number() + " goes on")
                            .orElse("and is not served"),
                    reason);
            return new ChangeException.Refused(reason, problem);
        }

        private void tell(State state, Optional<String> reason) {
            Optional<Double> seconds =
                    state == State.LOADING
                            ? Optional.empty()
                            : Optional.of(ModelChange.seconds(took()));
            catalogue.tell(name, new ChangeAttempt(kind, state, began, seconds, reason));
        }

        private Duration took() {
            return Duration.between(began, clock.instant());
        }
    }
}
