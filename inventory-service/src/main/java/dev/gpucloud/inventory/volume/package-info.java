/** Volumes of a project: what instances boot from and keep their data on. */
@NullMarked
package dev.gpucloud.inventory.volume;

import org.jspecify.annotations.NullMarked;
