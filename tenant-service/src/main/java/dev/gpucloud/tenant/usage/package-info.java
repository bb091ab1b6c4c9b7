/** GPU time that ran, as inventory's facts tell it. */
@NullMarked
package dev.gpucloud.tenant.usage;

import org.jspecify.annotations.NullMarked;
