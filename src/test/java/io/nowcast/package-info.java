/** Tests of the whole. */
@NullMarked
package io.nowcast;

import org.jspecify.annotations.NullMarked;
