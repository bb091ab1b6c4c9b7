/** The endpoints that the services offer. */
@NullMarked
package dev.gpucloud.contracts.access;

import org.jspecify.annotations.NullMarked;
