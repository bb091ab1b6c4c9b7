/** What an instance is beside its GPUs: keys, user data, network, console, and who provides it. */
@NullMarked
package dev.gpucloud.inventory.setup;

import org.jspecify.annotations.NullMarked;
