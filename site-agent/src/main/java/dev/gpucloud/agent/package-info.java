/** The agent process: one agent per configured site, with its health server. */
@NullMarked
package dev.gpucloud.agent;

import org.jspecify.annotations.NullMarked;
