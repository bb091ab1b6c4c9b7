/** Everything an outsider needs to recompute an invoice. */
@NullMarked
package dev.gpucloud.billing.export;

import org.jspecify.annotations.NullMarked;
