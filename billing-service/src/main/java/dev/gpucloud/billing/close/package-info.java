/** What stands against closing a month of an account, waivers of it, and the gate before issue. */
@NullMarked
package dev.gpucloud.billing.close;

import org.jspecify.annotations.NullMarked;
