/** The hardware: its import and its administration. */
@NullMarked
package dev.gpucloud.inventory.fleet;

import org.jspecify.annotations.NullMarked;
