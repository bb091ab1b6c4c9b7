/** Judges what a burn-in measured; no clock, no rows. */
@NullMarked
package dev.gpucloud.inventory.acceptance.engine;

import org.jspecify.annotations.NullMarked;
