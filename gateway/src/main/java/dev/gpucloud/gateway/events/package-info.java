/** The stream of events: one reader of the feed for all who listen. */
@NullMarked
package dev.gpucloud.gateway.events;

import org.jspecify.annotations.NullMarked;
