/** What people must know: written with the change that it tells of, listed for the tenant. */
@NullMarked
package dev.gpucloud.tenant.notifications;

import org.jspecify.annotations.NullMarked;
