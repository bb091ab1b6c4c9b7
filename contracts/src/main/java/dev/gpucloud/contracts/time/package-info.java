/** Billing time: Asia/Seoul calendar months over UTC instants. */
@NullMarked
package dev.gpucloud.contracts.time;

import org.jspecify.annotations.NullMarked;
