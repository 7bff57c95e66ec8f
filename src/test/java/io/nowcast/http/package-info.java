/**
 * Tests of the started service as a client sees it: bytes in, bytes and headers out. They share one
 * service, and never look at what a forecast says, only at what must hold for any trained model.
 */
@NullMarked
package io.nowcast.http;

import org.jspecify.annotations.NullMarked;
