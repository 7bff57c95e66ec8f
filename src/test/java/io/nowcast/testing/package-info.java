/** What several tests share. */
@NullMarked
package io.nowcast.testing;

import org.jspecify.annotations.NullMarked;
