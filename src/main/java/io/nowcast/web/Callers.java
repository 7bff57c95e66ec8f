package io.nowcast.web;

import io.nowcast.forecast.Caller;
import io.nowcast.security.ClientName;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who sends a request: the client that quotas know too. */
final class Callers {

    /** The header of RFC 9218. */
    static final String PRIORITY = "Priority";

    private static final int USUAL_URGENCY = 3;

    /** The member {@code u} of the dictionary that RFC 9218, section 4, defines. */
    private static final Pattern URGENCY = Pattern.compile("(?:^|,)\\s*u=([0-7])\\s*(?:[,;]|$)");

    private Callers() {}

    static Caller of(HttpServletRequest request) {
        return new Caller(
                ClientName.of(request),
                urgency(String.join(", ", Collections.list(request.getHeaders(PRIORITY)))),
                () -> ClientConnection.isGone(request));
    }

    /** The urgency; what cannot be read is the usual one, as the RFC demands. */
    static int urgency(String priority) {
        Matcher urgency = URGENCY.matcher(priority);
        return urgency.find() ? Integer.parseInt(urgency.group(1)) : USUAL_URGENCY;
    }
}
