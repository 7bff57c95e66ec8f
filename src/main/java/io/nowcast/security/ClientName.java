package io.nowcast.security;

import jakarta.servlet.http.HttpServletRequest;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.security.Principal;
import java.util.HexFormat;
import java.util.Optional;

/**
 * By what a client is remembered: the name of its key or token, else where it comes from. Of an
 * IPv6 address only the network, since one customer has 2^64 of them to change between.
 */
public final class ClientName {

    private static final int NETWORK_BYTES = 8;

    private ClientName() {}

    /** The name of whoever sends a request. */
    public static String of(HttpServletRequest request) {
        return Optional.ofNullable(request.getUserPrincipal())
                .map(Principal::getName)
                .map(name -> "name " + name)
                .orElseGet(() -> "address " + network(request.getRemoteAddr()));
    }

    static String network(String address) {
        try {
            InetAddress parsed = InetAddress.ofLiteral(address);
            return parsed instanceof Inet6Address ? network(parsed.getAddress()) : address;
        } catch (IllegalArgumentException _) {
            // A proxy's word for an unknown client: all of them are one.
            return address;
        }
    }

    private static String network(byte[] address) {
        return HexFormat.of().formatHex(address, 0, NETWORK_BYTES);
    }
}
