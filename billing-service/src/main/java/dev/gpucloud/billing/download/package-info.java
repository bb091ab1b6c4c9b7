/** Issued invoices to take away: PDF, CSV, FOCUS and the XML of the tax document. */
@NullMarked
package dev.gpucloud.billing.download;

import org.jspecify.annotations.NullMarked;
