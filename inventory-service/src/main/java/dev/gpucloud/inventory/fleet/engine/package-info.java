/** The life of a host as values; no clock, no rows. */
@NullMarked
package dev.gpucloud.inventory.fleet.engine;

import org.jspecify.annotations.NullMarked;
