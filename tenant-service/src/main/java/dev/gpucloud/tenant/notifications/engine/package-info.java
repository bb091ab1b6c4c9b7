/** What notifications say, in which language, and to whom. Pure. */
@NullMarked
package dev.gpucloud.tenant.notifications.engine;

import org.jspecify.annotations.NullMarked;
