/** Brings notifications to their recipients, by e-mail and webhook, however often it takes. */
@NullMarked
package dev.gpucloud.tenant.dispatches;

import org.jspecify.annotations.NullMarked;
