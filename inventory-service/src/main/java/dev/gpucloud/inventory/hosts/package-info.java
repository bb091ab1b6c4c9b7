/** The life of hosts: moves with history, drains, signs of life. */
@NullMarked
package dev.gpucloud.inventory.hosts;

import org.jspecify.annotations.NullMarked;
