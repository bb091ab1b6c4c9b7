/** Quota as pure arithmetic: what counts where, and which limit does not allow it. */
@NullMarked
package dev.gpucloud.inventory.quota.engine;

import org.jspecify.annotations.NullMarked;
