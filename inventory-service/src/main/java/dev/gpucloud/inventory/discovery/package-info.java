/** What agents find at their sites, and what differs from what was announced. */
@NullMarked
package dev.gpucloud.inventory.discovery;

import org.jspecify.annotations.NullMarked;
