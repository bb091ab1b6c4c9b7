/** What is offered and where: models, types, sites, prices. */
@NullMarked
package dev.gpucloud.inventory.catalogue;

import org.jspecify.annotations.NullMarked;
