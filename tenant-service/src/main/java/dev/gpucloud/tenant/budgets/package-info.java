/** Budgets of GPU-hours within a window, beside the limits of concurrent GPUs. */
@NullMarked
package dev.gpucloud.tenant.budgets;

import org.jspecify.annotations.NullMarked;
