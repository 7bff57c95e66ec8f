/** The application class only; each feature has a package of its own below this one. */
@NullMarked
package io.nowcast;

import org.jspecify.annotations.NullMarked;
