/** A month's usage, rated day by day while the month goes on. */
@NullMarked
package dev.gpucloud.billing.daybook;

import org.jspecify.annotations.NullMarked;
