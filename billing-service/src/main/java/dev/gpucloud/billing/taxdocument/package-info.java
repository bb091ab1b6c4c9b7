/** Tax documents of issued invoices: made, transmitted, answered, amended. */
@NullMarked
package dev.gpucloud.billing.taxdocument;

import org.jspecify.annotations.NullMarked;
