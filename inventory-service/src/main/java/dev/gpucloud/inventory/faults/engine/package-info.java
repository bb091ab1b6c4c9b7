/** What faults mean; no clock, no rows. */
@NullMarked
package dev.gpucloud.inventory.faults.engine;

import org.jspecify.annotations.NullMarked;
