/** What a tenant sees of an invoice that is another tenant's document. */
@NullMarked
package dev.gpucloud.billing.part;

import org.jspecify.annotations.NullMarked;
