/** Which GPU models and sites the fleet has, as far as inventory has told. */
@NullMarked
package dev.gpucloud.tenant.catalogue;

import org.jspecify.annotations.NullMarked;
