/** Price books: import, append-only versions, what holds now. */
@NullMarked
package dev.gpucloud.billing.price;

import org.jspecify.annotations.NullMarked;
