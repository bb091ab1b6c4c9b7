/** Pure invoice arithmetic and states: lines, rounding, VAT, who may do what next. */
@NullMarked
package dev.gpucloud.billing.invoice.engine;

import org.jspecify.annotations.NullMarked;
