/** Signatures of webhooks and the addresses they may go to. Pure. */
@NullMarked
package dev.gpucloud.tenant.webhooks.engine;

import org.jspecify.annotations.NullMarked;
