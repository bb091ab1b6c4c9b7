/** Public SSH keys, read the same way wherever they are taken in. */
@NullMarked
package dev.gpucloud.contracts.ssh;

import org.jspecify.annotations.NullMarked;
