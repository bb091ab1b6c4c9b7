/** Usage that was rated before its month ended: what books say, and whether they hold. */
@NullMarked
package dev.gpucloud.billing.booked;

import org.jspecify.annotations.NullMarked;
