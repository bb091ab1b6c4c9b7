/** Named leases with fencing epochs. */
@NullMarked
package dev.gpucloud.kit.lease;

import org.jspecify.annotations.NullMarked;
