package io.nowcast.engine;

import static org.assertj.core.api.Assertions.assertThat;
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
                                assertThat(threads()).isEqualTo(1);

                                team.gather(3, false);
                                compute(manager);
                                assertThat(threads()).isEqualTo(3);
                                team.dismiss();
                                team.dismiss();
                                assertThat(threads()).isEqualTo(1);

                                team.gather(1, false);
                                compute(manager);
                                assertThat(threads()).isEqualTo(1);

                                // Seen by OpenMP, but without use.
                                team.gather(1, true);
                                assertThat(threads()).isEqualTo(2);
                                compute(manager);
                                team.dismiss();
                                assertThat(threads()).isEqualTo(1);

                                team.gather(2, true);
                                compute(manager);
                                assertThat(threads()).isEqualTo(2);
                                team.dismiss();
                                return null;
                            })
                    .get();
        }
    }

    private static void compute(PtNDManager manager) {
        manager.ones(new Shape(1 << 20)).close();
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
