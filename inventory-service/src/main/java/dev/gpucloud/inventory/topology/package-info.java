/** What stands where: regions, sites, halls, racks, fabrics, NVLink domains; labels and changes. */
@NullMarked
package dev.gpucloud.inventory.topology;

import org.jspecify.annotations.NullMarked;
