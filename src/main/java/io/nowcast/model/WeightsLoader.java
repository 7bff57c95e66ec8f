package io.nowcast.model;

import java.nio.file.Path;
import java.util.Map;
import java.util.SequencedMap;

/** The port through which weights are run that nobody serves yet. */
public interface WeightsLoader {

    /**
     * Loads weights that have no manifest yet.
     *
     * @param weights files by part, as {@link ModelFolder#weights} gives them
     * @param choices what the keys do not tell, by name
     * @throws ModelException if the weights are refused
     */
    NowcastModel open(
            SequencedMap<String, Path> weights, Map<String, String> choices, DeviceName device);
}
