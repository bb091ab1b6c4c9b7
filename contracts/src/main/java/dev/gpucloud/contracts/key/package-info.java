/** API keys as text: the one form that the command line, the gateway and tenant-service share. */
@NullMarked
package dev.gpucloud.contracts.key;

import org.jspecify.annotations.NullMarked;
