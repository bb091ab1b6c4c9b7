/** Who gets what of a grant call, and whether it is used: pure decisions. */
@NullMarked
package dev.gpucloud.tenant.grants.engine;

import org.jspecify.annotations.NullMarked;
