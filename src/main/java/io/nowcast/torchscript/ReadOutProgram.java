package io.nowcast.torchscript;

import io.nowcast.network.Features;
import io.nowcast.network.ReadOut;
import java.util.List;

/**
 * Writes a read-out: what is set up before the forecast loop, the frame of a step, and the answer.
 */
final class ReadOutProgram {

    private static final String FRAMES = "forecast";

    private final ModuleBuilder module;
    private final LayerProgram layers;
    private final ReadOut readOut;

    ReadOutProgram(ModuleBuilder module, LayerProgram layers, ReadOut readOut) {
        this.module = module;
        this.layers = layers;
        this.readOut = readOut;
    }

    void prepare() {
        module.assign(FRAMES, "annotate(List[Tensor], [])");
        switch (readOut) {
            case ReadOut.Direct _ -> {}
            case ReadOut.Advection advection -> prepareAdvection(advection);
        }
    }

    /** Adds the frame of this step and returns its name. */
    String frame(String features) {
        String output = layers.apply(readOut.layers(), features);
        String frame =
                switch (readOut) {
                    case ReadOut.Direct _ -> output;
                    case ReadOut.Advection advection -> {
                        List<String> parts = parts(advection, output);
                        displace(parts.getFirst());
                        yield module.let(
                                transported(advection, "displacement", parts.getLast(), "last"));
                    }
                };
        append(module.let("torch.unsqueeze(%s, 0)".formatted(frame)));
        return frame;
    }

    /** Adds the frames of several steps, all at once. */
    void frames(LayerwiseProgram.Chunk chunk, Features features) {
        String outputs = layers.apply(readOut.layers(), chunk.value(features));
        String frames =
                switch (readOut) {
                    case ReadOut.Direct _ -> outputs;
                    case ReadOut.Advection advection -> transported(advection, chunk, outputs);
                };
        append(
                module.let(
                        "torch.unflatten(%s, 0, [%s, torch.size(frames, 0)])"
                                .formatted(frames, chunk.length())));
    }

    /** Adds frames {@code [N, B, C', H, W]}. */
    private void append(String frames) {
        module.statement("_0 = torch.append(%s, %s)".formatted(FRAMES, frames));
    }

    /** Returns the name of the answer, {@code [B, S, C', H, W]}. */
    String finish() {
        return module.let("torch.transpose(torch.cat(%s), 0, 1)".formatted(FRAMES));
    }

    /**
     * The last frame, its pixel centres in the coordinates of {@code grid_sampler} (-1 to 1 from
     * edge to edge), the size of a pixel in them, and a displacement of zero.
     */
    private void prepareAdvection(ReadOut.Advection advection) {
        module.assign(
                "last",
                "torch.contiguous(torch.narrow(torch.select(frames, 1, -1), 1, 0, 1), memory_format=0)");
        module.assign("height", "torch.size(last, 2)");
        module.assign("width", "torch.size(last, 3)");
        String like = "dtype=6, layout=None, device=ops.prim.device(last), pin_memory=False";
        module.assign(
                "xs",
                "torch.sub(torch.div(torch.add(torch.mul(torch.arange(width, %s), 2), 1), width), 1)"
                        .formatted(like));
        module.assign(
                "ys",
                "torch.unsqueeze(torch.sub(torch.div(torch.add(torch.mul(torch.arange(height, %s), 2), 1), height), 1), 1)"
                        .formatted(like));
        int block = advection.block();
        module.assign(
                "displacement",
                "torch.zeros([torch.size(frames, 0), 2, torch.floordiv(height, %s), torch.floordiv(width, %s)], %s)"
                        .formatted(block, block, like));
    }

    private String transported(
            ReadOut.Advection advection, LayerwiseProgram.Chunk chunk, String outputs) {
        List<String> parts = parts(advection, outputs);
        String displacements = module.let("annotate(List[Tensor], [])");
        chunk.loop(step -> {
            displace(chunk.step(parts.getFirst(), step));
            module.statement("_0 = torch.append(%s, displacement)".formatted(displacements));
        });
        String image =
                module.let(
                        "torch.flatten(torch.expand(last, [%s, -1, -1, -1, -1]), 0, 1)"
                                .formatted(chunk.length()));
        return module.let(
                transported(advection, chunk.together(displacements), parts.getLast(), image));
    }

    /** Motion increment and residual. */
    private List<String> parts(ReadOut.Advection advection, String output) {
        return module.unpack(
                2,
                "torch.split_with_sizes(%s, [2, %s], 1)"
                        .formatted(output, advection.block() * advection.block()));
    }

    private void displace(String increment) {
        module.assign("displacement", "torch.add(displacement, %s)".formatted(increment));
    }

    private String transported(
            ReadOut.Advection advection, String displacement, String residuals, String image) {
        String residual =
                module.let("torch.pixel_shuffle(%s, %s)".formatted(residuals, advection.block()));
        String motion =
                module.let(
                        "torch.upsample_bilinear2d(%s, [height, width], False)"
                                .formatted(displacement));
        List<String> shift = module.unpack(2, "torch.unbind(%s, 1)".formatted(motion));
        String x = "torch.add(torch.mul(%s, torch.div(2., width)), xs)".formatted(shift.getFirst());
        String y = "torch.add(torch.mul(%s, torch.div(2., height)), ys)".formatted(shift.getLast());
        String places = module.let("torch.stack([%s, %s], -1)".formatted(x, y));
        String frame =
                switch (advection.residual()) {
                    case AT_SOURCE ->
                            sample("torch.add(%s, %s)".formatted(image, residual), places);
                    case AT_TARGET ->
                            "torch.add(%s, %s)".formatted(sample(image, places), residual);
                };
        return "torch.clamp_(%s, 0, 1)".formatted(frame);
    }

    /**
     * Bilinear (mode 0), zeros outside (padding 0), coordinates from edge to edge (align_corners
     * False).
     */
    private static String sample(String image, String places) {
        return "torch.grid_sampler(%s, %s, 0, 0, False)".formatted(image, places);
    }
}
