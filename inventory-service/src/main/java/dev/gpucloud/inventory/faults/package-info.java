/** Faults of GPUs and hosts as agents report them. */
@NullMarked
package dev.gpucloud.inventory.faults;

import org.jspecify.annotations.NullMarked;
