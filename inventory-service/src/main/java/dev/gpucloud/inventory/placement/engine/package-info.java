/** Placement as pure decisions: no clock, no randomness, no rows. */
@NullMarked
package dev.gpucloud.inventory.placement.engine;

import org.jspecify.annotations.NullMarked;
