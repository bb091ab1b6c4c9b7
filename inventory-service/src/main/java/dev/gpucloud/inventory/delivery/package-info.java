/** Deliveries on their way from the order to the last accepted host. */
@NullMarked
package dev.gpucloud.inventory.delivery;

import org.jspecify.annotations.NullMarked;
