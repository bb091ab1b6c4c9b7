/** Applications: somebody without a tenant asks for one, the platform decides. */
@NullMarked
package dev.gpucloud.tenant.applications;

import org.jspecify.annotations.NullMarked;
