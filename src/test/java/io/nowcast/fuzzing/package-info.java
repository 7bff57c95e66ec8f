/** What untrusted bytes reach, fed with bytes that nobody made on purpose. See docs/security.md. */
@NullMarked
package io.nowcast.fuzzing;

import org.jspecify.annotations.NullMarked;
