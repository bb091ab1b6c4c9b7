/** Events of all topics once more, by tenant. */
@NullMarked
package dev.gpucloud.tenant.feed;

import org.jspecify.annotations.NullMarked;
