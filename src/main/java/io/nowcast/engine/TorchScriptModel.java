package io.nowcast.engine;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.ModelFrames;
import io.nowcast.model.ModelException;
import io.nowcast.model.ModelFacts;
import io.nowcast.model.NowcastModel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A loaded TorchScript module. All tensors of a call are freed before it returns. */
final class TorchScriptModel implements NowcastModel {

    private final PtNDManager manager;
    private final PtSymbolBlock module;
    private final ModelFacts facts;
    private final boolean takesSteps;
    private final ThreadTeam team;

    /** Owns {@link #staging}: a direct buffer would be freed only when the collector comes by. */
    private Arena memory = Arena.ofShared();

    /** Holds the input of the current call, and is as large as the largest so far. */
    private MemorySegment staging = MemorySegment.NULL;

    /** Takes ownership of the manager and, with it, of the module. */
    TorchScriptModel(
            PtNDManager manager, PtSymbolBlock module, ModelFacts facts, boolean takesSteps) {
        this.manager = manager;
        this.module = module;
        this.facts = facts;
        this.takesSteps = takesSteps;
        this.team = new ThreadTeam(manager);
    }

    @Override
    public void computeWith(int threads, boolean besideSeveral) {
        team.gather(threads, besideSeveral);
    }

    @Override
    public void rest() {
        team.dismiss();
    }

    @Override
    public ModelFacts facts() {
        return facts;
    }

    @Override
    public List<ModelFrames> predict(List<ModelFrames> batch, int steps) {
        // The setting belongs to the calling thread, see PyTorch#engine.
        JniUtils.setGraphExecutorOptimize(false);
        try (PtNDManager call = (PtNDManager) manager.newSubManager()) {
            PtNDArray frames = input(call, batch);
            try (IValue framesArgument = IValue.from(frames);
                    IValue stepsArgument = IValue.from((long) steps);
                    IValue answer =
                            takesSteps
                                    ? module.forward(framesArgument, stepsArgument)
                                    : module.forward(framesArgument)) {
                return split(tensor(answer, call), batch, steps);
            }
        } catch (EngineException | OutOfMemoryError failure) {
            throw EngineFaults.on(manager.getDevice()).explain("the engine failed", failure);
        }
    }

    /** A tensor over the staging buffer: valid until the next call. */
    private PtNDArray input(PtNDManager call, List<ModelFrames> batch) {
        ModelFrames first = batch.getFirst();
        ByteBuffer bytes = staging(Math.toIntExact(first.bytes() * batch.size()));
        FloatBuffer values = bytes.asFloatBuffer();
        batch.forEach(frames -> values.put(frames.values()));
        Shape shape =
                new Shape(
                        batch.size(),
                        first.length(),
                        first.channels(),
                        first.grid().height(),
                        first.grid().width());
        return call.create(bytes, shape, DataType.FLOAT32);
    }

    private ByteBuffer staging(int bytes) {
        if (staging.byteSize() < bytes) {
            staging = MemorySegment.NULL;
            memory.close();
            memory = Arena.ofShared();
            staging = memory.allocate(bytes);
        }
        return staging.asSlice(0, bytes).asByteBuffer().order(ByteOrder.nativeOrder());
    }

    private static PtNDArray tensor(IValue answer, PtNDManager call) {
        if (!answer.isTensor()) {
            throw new ModelException(
                    "the module answers with " + answer.getType() + ", not with one tensor");
        }
        return answer.toTensor(call);
    }

    private List<ModelFrames> split(PtNDArray answer, List<ModelFrames> batch, int steps) {
        GridShape grid = batch.getFirst().grid();
        long[] shape = answer.getShape().getShape();
        int channels =
                facts.outputChannels() > 0 || shape.length < 5
                        ? Math.max(1, facts.outputChannels())
                        : Math.toIntExact(shape[2]);
        boolean hasSteps = shape.length >= 2 && shape[0] == batch.size() && shape[1] >= steps;
        long produced = hasSteps ? shape[1] : steps;
        long[] expected = {batch.size(), produced, channels, grid.height(), grid.width()};
        long[] noChannel = {batch.size(), produced, grid.height(), grid.width()};
        if (!Arrays.equals(shape, expected)
                && !(channels == 1 && Arrays.equals(shape, noChannel))) {
            throw new ModelException(
                    "the module answers with shape %s where %s was expected"
                            .formatted(Arrays.toString(shape), Arrays.toString(expected)));
        }
        FloatBuffer values = floats(answer);
        int length = values.remaining() / batch.size();
        List<ModelFrames> forecasts = new ArrayList<>();
        for (int index = 0; index < batch.size(); index++) {
            float[] part = new float[length];
            values.get(part);
            forecasts.add(new ModelFrames((int) produced, channels, grid, part));
        }
        return forecasts;
    }

    /** The numbers where they lie on the processor's side: valid until the call's tensors go. */
    private static FloatBuffer floats(PtNDArray answer) {
        PtNDArray numbers =
                answer.getDataType() == DataType.FLOAT32
                        ? answer
                        : answer.toType(DataType.FLOAT32, false);
        return numbers.toByteBuffer(true).asFloatBuffer();
    }

    @Override
    public void close() {
        try {
            module.close();
            manager.close();
        } finally {
            memory.close();
        }
        NativeAllocator.giveBackFreedMemory();
    }
}
