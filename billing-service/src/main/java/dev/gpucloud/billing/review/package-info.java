/** What finance looks at before an invoice is approved: anomalies and comments. */
@NullMarked
package dev.gpucloud.billing.review;

import org.jspecify.annotations.NullMarked;
