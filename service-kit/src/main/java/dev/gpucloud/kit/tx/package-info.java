/** Units of work: one transaction, one database role, one tenant. */
@NullMarked
package dev.gpucloud.kit.tx;

import org.jspecify.annotations.NullMarked;
