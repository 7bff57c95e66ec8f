package io.nowcast.model;

import io.nowcast.frames.GridShape;
import io.nowcast.frames.PixelEncodings;
import io.nowcast.scaling.RainScaling;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A model that was loaded, warmed up and answers.
 *
 * @param folder where it was loaded from
 * @param facts what loading it told
 * @param devices the devices that hold a copy
 * @param scaling its number range
 * @param encodings how it takes integers
 * @param generation which of the loadings under its name
 */
public record ServedModel(
        ModelFolder folder,
        ModelFacts facts,
        List<DeviceName> devices,
        RainScaling scaling,
        PixelEncodings encodings,
        Generation generation) {

    /**
     * Joins what the manifest says and what loading told.
     *
     * @throws ModelException if the model's frames are not rain: they have several channels
     */
    public ServedModel {
        if (facts.outputChannels() != 1) {
            throw new ModelException(
                    "the network gives %d channels, a forecast has one: give it a head, or name one by network.channel"
                            .formatted(facts.outputChannels()));
        }
        if (folder.manifest().gridLimits().aboveLimits() == ServedGrids.Above.TILE) {
            requireTileable(facts, folder.manifest().gridLimits());
        }
    }

    private static void requireTileable(ModelFacts facts, ServedGrids grids) {
        facts.onlyGrid()
                .ifPresent(only -> {
                    throw new ModelException(
                            "grid.above: tile: the network takes one grid only, %s; use grid.above: refuse"
                                    .formatted(only));
                });
        Optional<Footprint.Sight> sight = facts.footprint().sight();
        if (sight.filter(Footprint.Sight::wholeGrid).isPresent()) {
            throw new ModelException(
                    "grid.above: tile: the network normalises over the whole grid, and tiles would have statistics of their own; use grid.above: refuse");
        }
        if (sight.isEmpty() && grids.overlap().isEmpty()) {
            throw new ModelException(
                    "grid.above: tile: how far a TorchScript module sees is not known; name grid.overlap, in pixels, or use grid.above: refuse");
        }
    }

    public ServedModel(
            ModelFolder folder, ModelFacts facts, List<DeviceName> devices, Generation generation) {
        this(
                folder,
                facts,
                List.copyOf(devices),
                folder.manifest().rainScaling(),
                folder.manifest().pixelEncodings(),
                generation);
    }

    public String name() {
        return folder.name();
    }

    public ModelManifest manifest() {
        return folder.manifest();
    }

    /** The grid that the network runs on for frames of {@code grid}. */
    public GridShape paddedGrid(GridShape grid) {
        return grid.roundedUpTo(facts.gridMultiple());
    }

    /**
     * Bytes that a prediction takes at its peak on its device, beside the weights: by the manifest,
     * else by the layers; empty where neither tells.
     *
     * @param padded grid after padding
     * @param steps lead steps
     */
    public OptionalLong workingBytes(GridShape padded, int steps) {
        Optional<Long> named = manifest().gridLimits().workingBytes();
        if (named.isPresent()) {
            return OptionalLong.of(Math.multiplyExact(named.get(), padded.pixels()));
        }
        int frames = manifest().frames().input();
        return facts.footprint()
                .memory()
                .map(memory -> OptionalLong.of(memory.bytes(padded, frames, steps)))
                .orElse(OptionalLong.empty());
    }

    /** Pixels that neighbouring tiles of a grid share at least. */
    public int tileOverlap() {
        ModelManifest.Frames frames = manifest().frames();
        return manifest()
                .gridLimits()
                .overlap(
                        facts.footprint()
                                .sight()
                                .flatMap(sight ->
                                        sight.reach(frames.input(), frames.maximumOutput())),
                        facts.gridMultiple());
    }
}
