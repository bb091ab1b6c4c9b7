/**
 * Keeps organisations and their members in the identity provider as they are here. One way only:
 * what is here is right.
 */
@NullMarked
package dev.gpucloud.tenant.directory;

import org.jspecify.annotations.NullMarked;
