/** The life of a delivery as values; no clock, no rows. */
@NullMarked
package dev.gpucloud.inventory.delivery.engine;

import org.jspecify.annotations.NullMarked;
