/** Who may do what here is decided from the tables that this service owns, not from a copy. */
@NullMarked
package dev.gpucloud.tenant.access;

import org.jspecify.annotations.NullMarked;
