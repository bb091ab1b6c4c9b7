/** What stands against closing a month, and who may say that it does not. Pure. */
@NullMarked
package dev.gpucloud.billing.close.engine;

import org.jspecify.annotations.NullMarked;
