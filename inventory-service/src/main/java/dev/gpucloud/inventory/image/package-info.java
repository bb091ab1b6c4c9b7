/** What instances boot: images in versions, offered, deprecated and withdrawn. */
@NullMarked
package dev.gpucloud.inventory.image;

import org.jspecify.annotations.NullMarked;
