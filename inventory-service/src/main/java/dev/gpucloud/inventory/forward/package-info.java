/** Requests that another replica must carry out, sent there as they came in. */
@NullMarked
package dev.gpucloud.inventory.forward;

import org.jspecify.annotations.NullMarked;
