package io.nowcast.benchmark;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A load of any kind, without bounds: figures only. */
final class PlainLoad {

    private PlainLoad() {}

    static boolean run(String[] arguments) throws IOException, InterruptedException {
        Map<String, String> defaults =
                Map.of(
                        "arrivals", "closed",
                        "rate", "10",
                        "clients", "8",
                        "seconds", "30",
                        "warm-up", "10",
                        "grids", "64x64",
                        "steps", "12",
                        "timeout", "",
                        "kinds", "npy");
        try (LoadSession session = LoadSession.open("plain", arguments, defaults, false)) {
            Options options = session.options();
            List<PlannedRequest> requests = requests(session);
            int clients = options.integer("clients");
            session.closed("warm-up", clients, options.seconds("warm-up"), requests);
            String kind = options.text("arrivals");
            if (kind.equals("closed")) {
                session.tell(
                        session.closed(
                                clients + " clients",
                                clients,
                                options.seconds("seconds"),
                                requests));
            } else {
                double rate = options.number("rate");
                Phase phase =
                        session.open(
                                kind + " " + rate,
                                Arrivals.of(kind, rate),
                                options.seconds("seconds"),
                                requests,
                                _ -> {});
                session.awaitAnswers();
                session.tell(phase);
            }
            session.finish();
            return true;
        }
    }

    private static List<PlannedRequest> requests(LoadSession session) {
        Options options = session.options();
        List<String> models = session.models(false);
        List<PlannedRequest> requests =
                options.text("kinds").equals("mixed")
                        ? MixedRequests.of(options.grids(), models, options.integers("steps"))
                        : MixedRequests.plain(options.grids(), models, options.integers("steps"));
        String timeout = options.text("timeout");
        return session.withHeaders(
                requests.stream().map(request -> request.within(timeout)).toList());
    }
}
