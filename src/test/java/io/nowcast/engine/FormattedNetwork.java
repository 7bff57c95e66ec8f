package io.nowcast.engine;

import io.nowcast.layout.RecognisedNetwork;
import io.nowcast.model.DeviceName;
import io.nowcast.model.NowcastModel;
import io.nowcast.torchscript.NumberFormat;

/** The engine's way to a copy in a number format, which the service takes to measure its error. */
public final class FormattedNetwork {

    private FormattedNetwork() {}

    public static NowcastModel open(
            RecognisedNetwork network, NumberFormat format, DeviceName device) {
        return DjlModelLoader.copy(network, "", format, device);
    }
}
