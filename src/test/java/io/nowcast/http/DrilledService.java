package io.nowcast.http;

import io.nowcast.frames.ModelFrames;
import io.nowcast.model.DeviceName;
import io.nowcast.model.ModelFacts;
import io.nowcast.model.ModelFolder;
import io.nowcast.model.ModelLoader;
import io.nowcast.model.NowcastModel;
import io.nowcast.model.Placement;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/**
 * A service for a process of its own, whose model forecasts no rain at once and, asked for {@link
 * #DEADLY_STEPS} steps, dies in native code as a broken library does. No {@code @Configuration},
 * which the services of other tests would find.
 */
public class DrilledService {

    static final int DEADLY_STEPS = 13;

    /** A forecast of so many steps is never done; {@link #WITHOUT_END} is logged. */
    static final int ENDLESS_STEPS = 14;

    static final String WITHOUT_END = "computes without end";

    @Bean
    @Primary
    ModelLoader drilledLoader() {
        return new Loader();
    }

    private static final class Loader implements ModelLoader {

        @Override
        public NowcastModel load(ModelFolder folder, Placement placement) {
            return new DryModel();
        }

        @Override
        public List<DeviceName> devices(String configured) {
            return List.of(DeviceName.CPU);
        }
    }

    private static final class DryModel implements NowcastModel {

        @Override
        public List<ModelFrames> predict(List<ModelFrames> batch, int steps) {
            if (steps == DEADLY_STEPS) {
                readAddressZero();
            }
            while (steps == ENDLESS_STEPS) {
                System.out.println(WITHOUT_END);
                LockSupport.park();
            }
            return batch.stream()
                    .map(frames ->
                            new ModelFrames(
                                    steps,
                                    1,
                                    frames.grid(),
                                    new float[steps * (int) frames.grid().pixels()]))
                    .toList();
        }

        /** In C, where the virtual machine cannot make an exception of it. */
        @SuppressWarnings("restricted")
        private static void readAddressZero() {
            Linker linker = Linker.nativeLinker();
            try {
                long length =
                        (long)
                                linker.downcallHandle(
                                                linker.defaultLookup().findOrThrow("strlen"),
                                                FunctionDescriptor.of(
                                                        ValueLayout.JAVA_LONG, ValueLayout.ADDRESS))
                                        .invokeExact(MemorySegment.NULL);
                throw new IllegalStateException("address zero holds a text of " + length);
            } catch (RuntimeException | Error failure) {
                throw failure;
            } catch (Throwable impossible) {
                throw new IllegalStateException(impossible);
            }
        }

        @Override
        public ModelFacts facts() {
            return new ModelFacts(
                    "dry", "0".repeat(64), 0, 1, 1, Optional.empty(), false, "float32");
        }

        @Override
        public void close() {}
    }
}
