/** Who owns a pool and how its decisions become durable. */
@NullMarked
package dev.gpucloud.inventory.placement;

import org.jspecify.annotations.NullMarked;
