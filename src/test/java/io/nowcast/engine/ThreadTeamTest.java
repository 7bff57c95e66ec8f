package io.nowcast.engine;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import io.nowcast.model.DeviceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ThreadTeamTest {

    private static final Path TASKS = Path.of("/proc/self/task");

    /**
     * Not more than Linux keeps, 15 characters; threads have the name of the one that made them.
     */
    private static final String NAME = "computes-a-team";

    @Test
    void keepsThreadsFromGatheringToDismissal() throws Exception {
        assumeTrue(Files.isDirectory(TASKS), "only Linux tells the threads of a process");
        try (ExecutorService owner =
                        Executors.newSingleThreadExecutor(
                                Thread.ofPlatform().name(NAME).factory());
                PtNDManager manager = PyTorch.newManager(PyTorch.device(DeviceName.CPU))) {
            owner.submit(
                            () -> {
                                ThreadTeam team = new ThreadTeam(manager);
                                team.gather(2, false);
                                compute(manager);
                                team.dismiss();
                                long others = fewest();

                                team.gather(3, false);
                                compute(manager);
                                awaitMore(2, others);
                                team.dismiss();
                                team.dismiss();
                                awaitMore(0, others);

                                team.gather(1, false);
                                compute(manager);
                                awaitMore(0, others);

                                // Seen by OpenMP, but without use.
                                team.gather(1, true);
                                awaitMore(1, others);
                                compute(manager);
                                team.dismiss();
                                awaitMore(0, others);

                                team.gather(2, true);
                                compute(manager);
                                awaitMore(1, others);
                                team.dismiss();
                                return null;
                            })
                    .get();
        }
    }

    private static void compute(PtNDManager manager) {
        manager.ones(new Shape(1 << 20)).close();
    }

    /** A thread that somebody else makes has this one's name until it has its own. */
    private static void awaitMore(int team, long others) throws IOException {
        while (threads() != others + team) {
            Thread.onSpinWait();
        }
    }

    private static long fewest() throws IOException {
        long fewest = threads();
        for (int look = 0; look < 50; look++) {
            fewest = Math.min(fewest, threads());
        }
        return fewest;
    }

    /** This thread and those that it has made. */
    private static long threads() throws IOException {
        try (Stream<Path> tasks = Files.list(TASKS)) {
            return tasks.filter(task -> name(task).equals(NAME)).count();
        }
    }

    private static String name(Path task) {
        try {
            return Files.readString(task.resolve("comm")).strip();
        } catch (IOException _) {
            return "one that has ended";
        }
    }
}
