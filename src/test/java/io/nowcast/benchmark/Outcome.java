package io.nowcast.benchmark;

/** What came of a request. */
enum Outcome {
    /** 200. */
    ANSWERED("200"),
    /** 503. */
    REFUSED("503"),
    /** 504. */
    TOO_LATE("504"),
    /** Any other status. */
    OTHER("other status"),
    /** No answer: the connection failed or the generator's own patience ended. */
    BROKEN("no answer"),
    /** The generator held too many unanswered requests to send it. */
    NOT_SENT("not sent");

    private final String label;

    Outcome(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    static Outcome of(int status) {
        return switch (status) {
            case 200 -> ANSWERED;
            case 503 -> REFUSED;
            case 504 -> TOO_LATE;
            default -> OTHER;
        };
    }
}
