/** The close of a month over all accounts: a walk with progress that can be resumed. */
@NullMarked
package dev.gpucloud.billing.closerun;

import org.jspecify.annotations.NullMarked;
