/** Instances over HTTP, and the agents' side of them. */
@NullMarked
package dev.gpucloud.inventory.provisioning;

import org.jspecify.annotations.NullMarked;
