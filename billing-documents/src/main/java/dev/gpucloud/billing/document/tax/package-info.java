/** The Korean tax document (세금계산서): what must be on it, when it is due, how it is amended. */
@NullMarked
package dev.gpucloud.billing.document.tax;

import org.jspecify.annotations.NullMarked;
