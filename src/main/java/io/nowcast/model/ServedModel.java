package io.nowcast.model;

import io.nowcast.frames.GridShape;
import io.nowcast.frames.PixelEncodings;
import io.nowcast.scaling.RainScaling;
import java.util.List;

/**
 * A model that was loaded, warmed up and answers.
 *
 * @param folder where it came from
 * @param facts what loading it told
 * @param devices the devices that hold a copy
 * @param scaling its number range
 * @param encodings how it takes integers
 */
public record ServedModel(
        ModelFolder folder,
        ModelFacts facts,
        List<DeviceName> devices,
        RainScaling scaling,
        PixelEncodings encodings) {

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
    }

    public ServedModel(ModelFolder folder, ModelFacts facts, List<DeviceName> devices) {
        this(
                folder,
                facts,
                List.copyOf(devices),
                folder.manifest().rainScaling(),
                folder.manifest().pixelEncodings());
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
}
