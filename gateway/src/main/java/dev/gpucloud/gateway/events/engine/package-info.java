/** Who may see which event, and from where on: decided without a socket and without Kafka. */
@NullMarked
package dev.gpucloud.gateway.events.engine;

import org.jspecify.annotations.NullMarked;
