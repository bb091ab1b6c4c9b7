/** The invoice as a plain table. */
@NullMarked
package dev.gpucloud.billing.document.csv;

import org.jspecify.annotations.NullMarked;
