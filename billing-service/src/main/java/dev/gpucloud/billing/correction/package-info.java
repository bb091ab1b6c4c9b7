/** What happens to a month after its invoice was issued: late usage, credits and adjustments. */
@NullMarked
package dev.gpucloud.billing.correction;

import org.jspecify.annotations.NullMarked;
