/** The invoice as a PDF, in Korean and English. */
@NullMarked
package dev.gpucloud.billing.document.pdf;

import org.jspecify.annotations.NullMarked;
