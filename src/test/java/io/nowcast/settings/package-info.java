@NullMarked
package io.nowcast.settings;

import org.jspecify.annotations.NullMarked;
