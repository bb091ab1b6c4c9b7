/** Budgets of won that are spent stop what would be new. */
@NullMarked
package dev.gpucloud.inventory.spend;

import org.jspecify.annotations.NullMarked;
