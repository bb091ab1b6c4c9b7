/** Projects: the scopes of a tenant that own instances and carry its cost centres. */
@NullMarked
package dev.gpucloud.tenant.projects;

import org.jspecify.annotations.NullMarked;
