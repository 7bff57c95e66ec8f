/**
 * Tests of what carries the service: the Helm chart, dashboards and container files. Helm runs as a
 * library; no container engine and no cluster is needed.
 */
@NullMarked
package io.nowcast.deployment;

import org.jspecify.annotations.NullMarked;
