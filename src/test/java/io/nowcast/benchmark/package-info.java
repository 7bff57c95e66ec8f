/** Measuring tools and benchmarks, run by hand; see docs/performance.md. */
@NullMarked
package io.nowcast.benchmark;

import org.jspecify.annotations.NullMarked;
