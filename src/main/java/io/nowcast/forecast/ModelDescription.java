package io.nowcast.forecast;

import io.nowcast.frames.GridShape;
import io.nowcast.frames.PixelEncodings;
import io.nowcast.model.ChangeAttempt;
import io.nowcast.model.DeviceName;
import io.nowcast.model.ModelManifest;
import io.nowcast.model.PrecisionFacts;
import io.nowcast.model.ServedGrids;
import io.nowcast.model.ServedModel;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a client needs to know of a model.
 *
 * @param name by which requests ask for it
 * @param description one sentence for people
 * @param network layout of its weights, or {@code torchscript}
 * @param inputFrames frames that it reads; of a longer sequence the last ones
 * @param outputFrames lead steps of an answer where the request does not say
 * @param maximumSteps most lead steps of an answer
 * @param interval time between two frames
 * @param minimumSide fewest pixels on a side of the grid
 * @param maximumPixels most pixels of the grid after padding that the model's manifest allows in
 *     one piece
 * @param wholePixels most pixels of the grid after padding that are forecast in one piece with
 *     {@code outputFrames} steps: by {@code maximumPixels} and by the service's memory
 * @param above what becomes of a larger grid: {@code refuse} or {@code tile}
 * @param tileOverlap pixels that neighbouring tiles share at least, where larger grids are tiled
 * @param gridMultiple what the service pads height and width to a multiple of
 * @param onlyGrid the only grid that it takes, such as {@code 96x96}, where it belongs to one
 * @param fixedSteps whether the network always computes its full number of steps, as a traced
 *     module does
 * @param encodings how integer frames without an encoding of their own are meant
 * @param scaling its number range as a formula, with what it clips
 * @param coverage of its answers: {@code kept} as in the last observed frame, or {@code advected}
 *     with the mean motion of the rain
 * @param digest SHA-256 of the weights file
 * @param parameters number of trained values
 * @param precision number format that it computes in
 * @param precisionAsked what its manifest asks for, which may be {@code auto}
 * @param precisionError how far a reduced format was from float32, where one was tried
 * @param devices devices that hold a copy
 * @param generation which of the loadings under its name this is, 1 for the first since the start
 * @param loadedAt when it was ready
 * @param lastChange the last attempt to serve other files under its name; absent where none was
 */
public record ModelDescription(
        String name,
        Optional<String> description,
        String network,
        int inputFrames,
        int outputFrames,
        int maximumSteps,
        Duration interval,
        int minimumSide,
        long maximumPixels,
        long wholePixels,
        String above,
        Optional<Integer> tileOverlap,
        int gridMultiple,
        Optional<String> onlyGrid,
        boolean fixedSteps,
        PixelEncodings encodings,
        String scaling,
        String coverage,
        String digest,
        long parameters,
        String precision,
        String precisionAsked,
        Optional<PrecisionFacts.Deviation> precisionError,
        List<String> devices,
        int generation,
        Instant loadedAt,
        Optional<ChangeAttempt> lastChange) {

    static ModelDescription of(
            ServedModel model, long wholePixels, Optional<ChangeAttempt> lastChange) {
        ModelManifest manifest = model.manifest();
        ServedGrids.Above above = manifest.gridLimits().aboveLimits();
        return new ModelDescription(
                model.name(),
                manifest.description(),
                model.facts().network(),
                manifest.frames().input(),
                manifest.frames().output(),
                RequestChecks.maximumSteps(model),
                manifest.interval(),
                manifest.gridLimits().minimumSide(),
                manifest.gridLimits().maximumArea(),
                wholePixels,
                above.toString(),
                above == ServedGrids.Above.TILE
                        ? Optional.of(model.tileOverlap())
                        : Optional.empty(),
                model.facts().gridMultiple(),
                model.facts().onlyGrid().map(GridShape::toString),
                model.facts().fixedSteps(),
                model.encodings(),
                model.scaling().description(),
                manifest.missing().answerCoverage().toString(),
                model.facts().digest(),
                model.facts().parameters(),
                model.facts().precision().used(),
                model.facts().precision().asked(),
                model.facts().precision().error(),
                model.devices().stream().map(DeviceName::toString).toList(),
                model.generation().number(),
                model.generation().loadedAt(),
                lastChange);
    }
}
