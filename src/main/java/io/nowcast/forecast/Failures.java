package io.nowcast.forecast;

import io.nowcast.batching.PredictionException;
import java.time.Duration;

/** What a prediction's failure means for the forecast that needed it. */
final class Failures {

    /** Until another instance has taken over, or this one was restarted. */
    private static final Duration UNTIL_RESTARTED = Duration.ofSeconds(30);

    private static final Duration A_MOMENT = Duration.ofSeconds(5);

    private Failures() {}

    static ForecastException translate(PredictionException failure) {
        String message = String.valueOf(failure.getMessage());
        return switch (failure) {
            case PredictionException.Refused refused ->
                    new ForecastException.Busy(message, refused.retryAfter());
            case PredictionException.TooLarge _ -> new ForecastException.TooLarge(message);
            case PredictionException.QueueClosed _, PredictionException.Withdrawn _ ->
                    new ForecastException.Busy(message, A_MOMENT);
            case PredictionException.NoCopy _ ->
                    new ForecastException.Busy(message, UNTIL_RESTARTED);
            case PredictionException.OutOfMemory _ -> new ForecastException.Busy(message, A_MOMENT);
            case PredictionException.DeadlinePassed _ -> new ForecastException.TooLate(message);
            case PredictionException.Abandoned _ -> new ForecastException.ClientGone(message);
            case PredictionException.Failed _ ->
                    new ForecastException.Failed(
                            "the model failed; the failure is in the service's log", failure);
        };
    }
}
