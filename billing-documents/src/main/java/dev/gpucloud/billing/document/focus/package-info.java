/** The invoice as a FOCUS cost and usage dataset. */
@NullMarked
package dev.gpucloud.billing.document.focus;

import org.jspecify.annotations.NullMarked;
