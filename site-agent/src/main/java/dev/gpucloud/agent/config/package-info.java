/** Settings from the environment. */
@NullMarked
package dev.gpucloud.agent.config;

import org.jspecify.annotations.NullMarked;
