/** The exact rows below invoices: one document an invoice. */
@NullMarked
package dev.gpucloud.billing.ratedrow;

import org.jspecify.annotations.NullMarked;
