/** Who of a recipient bears how much of an issued invoice. */
@NullMarked
package dev.gpucloud.billing.document.breakdown;

import org.jspecify.annotations.NullMarked;
