/** API keys: made, listed and revoked by people, and exchanged for short tokens at the edge. */
@NullMarked
package dev.gpucloud.tenant.apikeys;

import org.jspecify.annotations.NullMarked;
