package io.nowcast.schedule;

import java.time.Duration;
import org.springframework.scheduling.concurrent.ScheduledExecutorFactoryBean;
import org.springframework.scheduling.concurrent.ScheduledExecutorTask;

/**
 * A task that Spring repeats on a thread of its own for as long as the bean lives. Looking for
 * annotated methods in every bean instead would take a tenth of a start.
 */
public final class RepeatedTask {

    private RepeatedTask() {}

    /**
     * A task that fails is done again.
     *
     * @param delay from the end of one time to the beginning of the next, and before the first; a
     *     millisecond or more
     */
    public static ScheduledExecutorFactoryBean every(Duration delay, String thread, Runnable task) {
        ScheduledExecutorFactoryBean executor = new ScheduledExecutorFactoryBean();
        executor.setThreadNamePrefix(thread);
        executor.setContinueScheduledExecutionAfterException(true);
        executor.setScheduledExecutorTasks(
                new ScheduledExecutorTask(task, delay.toMillis(), delay.toMillis(), false));
        return executor;
    }
}
