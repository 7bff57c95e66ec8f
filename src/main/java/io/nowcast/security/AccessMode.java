package io.nowcast.security;

/** How clients show who they are. */
public enum AccessMode {
    /** Not at all: whoever reaches the port is served. */
    NONE,
    /** With a key from the file of keys. */
    API_KEY,
    /** With a token that an issuer signed. */
    JWT
}
