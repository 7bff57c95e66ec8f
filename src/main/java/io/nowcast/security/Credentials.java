package io.nowcast.security;

import org.springframework.security.config.annotation.web.builders.HttpSecurity;

/** Has the chain of filters find out who asks, in the way of the mode. */
interface Credentials {
    void apply(HttpSecurity http, Refusals refusals);
}
