/** Compares what was found with what was announced; no clock, no rows. */
@NullMarked
package dev.gpucloud.inventory.discovery.engine;

import org.jspecify.annotations.NullMarked;
