package io.nowcast.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A chart gives a pod two processors of a node of 64 by a request, not by a limit. */
class WorkerPropertiesTest {

    private static final int NODE = 64;

    @Test
    void computesWithTheProcessorsThatAreMeant() {
        assertThat(WorkerProperties.processors(NODE, "2")).isEqualTo(2);
        assertThat(WorkerProperties.processors(2, "8")).isEqualTo(2);
        assertThat(WorkerProperties.processors(NODE, null)).isEqualTo(NODE);
        assertThat(WorkerProperties.processors(NODE, "")).isEqualTo(NODE);
        assertThat(WorkerProperties.processors(NODE, "0")).isEqualTo(NODE);
        assertThat(WorkerProperties.processors(NODE, "4,2")).isEqualTo(NODE);
    }

    @Test
    void sharesThreadsOutAmongTheCallsOfTheMoment() {
        WorkerProperties.Cpu usual = new WorkerProperties.Cpu(0, 0);
        assertThat(usual.workersOf(2)).isEqualTo(2);
        assertThat(usual.workersOf(NODE)).isEqualTo(4);
        assertThat(usual.threadsOf(8, 1)).isEqualTo(8);
        assertThat(usual.threadsOf(8, 4)).isEqualTo(2);
        assertThat(usual.threadsOf(2, 3)).isEqualTo(1);
        assertThat(new WorkerProperties.Cpu(2, 3).threadsOf(8, 2)).isEqualTo(3);
    }
}
