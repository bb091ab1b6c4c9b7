/** What a document is written from: one issued invoice, as it was stored. */
@NullMarked
package dev.gpucloud.billing.document.invoice;

import org.jspecify.annotations.NullMarked;
