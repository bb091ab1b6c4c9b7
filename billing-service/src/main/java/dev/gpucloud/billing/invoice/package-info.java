/** Invoices: readiness, draft, review, approval, issue. */
@NullMarked
package dev.gpucloud.billing.invoice;

import org.jspecify.annotations.NullMarked;
