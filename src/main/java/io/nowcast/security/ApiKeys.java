package io.nowcast.security;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/*
 * `ring` is replaced as a whole and read by request threads. `seen` and `complaint` belong to whoever
 * holds this object's lock: the lifecycle's start, then the scheduler's task.
 */

/**
 * The keys of the file, read anew when it changes. A file that has become unusable leaves the keys
 * as they were and says so once, in the log and by a meter: neither are all clients locked out by a
 * slip, nor does it go unseen.
 */
final class ApiKeys implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(ApiKeys.class);

    private static final int MOST_BYTES = 1 << 20;

    private final Path file;
    private final Clock clock;
    private final AccessListener listener;
    private volatile ApiKeyRing ring = new ApiKeyRing(List.of(), new byte[0][]);
    private volatile boolean running;
    private String seen = "";
    private String complaint = "";

    ApiKeys(Path file, Clock clock, AccessListener listener) {
        this.file = file;
        this.clock = clock;
        this.listener = listener;
    }

    /** Whose key this is, if it is one that is in force. */
    Optional<ApiKey> find(String presented) {
        return ring.find(presented, Instant.now(clock));
    }

    /**
     * Reads the file for the first time.
     *
     * @throws KeyFileException.ApiKeys if it cannot be used
     */
    @Override
    public synchronized void start() {
        String text = read();
        use(text, parse(text));
        running = true;
    }

    /** Looks whether the file has changed. By its contents: a mounted Secret keeps its times. */
    synchronized void refresh() {
        if (!running) {
            return;
        }
        try {
            String text = read();
            if (!text.equals(seen)) {
                use(text, parse(text));
            } else if (!complaint.isEmpty()) {
                // Gone for a while, and back as it was.
                use(text, ring);
            }
        } catch (KeyFileException.ApiKeys problem) {
            complain(String.valueOf(problem.getMessage()));
        }
    }

    private void use(String text, ApiKeyRing keys) {
        ring = keys;
        seen = text;
        complaint = "";
        listener.keysRead(keys.size(), false);
        LOG.info("{} API keys are in force, from {}", keys.size(), file);
    }

    private void complain(String problem) {
        listener.keysRead(ring.size(), true);
        if (!problem.equals(complaint)) {
            complaint = problem;
            LOG.error(
                    "The file of API keys cannot be used, the {} keys read before stay in force: {}",
                    ring.size(),
                    problem);
        }
    }

    private String read() {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new KeyFileException.ApiKeys(
                        "%s has more than %d bytes".formatted(file, MOST_BYTES));
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException problem) {
            throw new KeyFileException.ApiKeys("%s cannot be read: %s".formatted(file, problem));
        }
    }

    private ApiKeyRing parse(String text) {
        try {
            ApiKeyRing keys = ApiKeyFile.parse(text);
            if (keys.size() == 0) {
                throw new KeyFileException.ApiKeys("there is no key in it");
            }
            return keys;
        } catch (KeyFileException.ApiKeys problem) {
            throw new KeyFileException.ApiKeys("%s: %s".formatted(file, problem.getMessage()));
        }
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Before the port opens. */
    @Override
    public int getPhase() {
        return 0;
    }
}
