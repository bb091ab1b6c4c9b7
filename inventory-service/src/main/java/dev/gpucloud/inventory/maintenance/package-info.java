/** Planned work on hosts, racks and halls. */
@NullMarked
package dev.gpucloud.inventory.maintenance;

import org.jspecify.annotations.NullMarked;
