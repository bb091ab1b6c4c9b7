/** What an agent keeps on disk. */
@NullMarked
package dev.gpucloud.agent.state;

import org.jspecify.annotations.NullMarked;
