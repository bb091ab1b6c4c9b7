/** Dying on purpose, so that tests see what is left behind. */
@NullMarked
package dev.gpucloud.kit.crash;

import org.jspecify.annotations.NullMarked;
