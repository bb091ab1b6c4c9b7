/** Burn-ins: what is asked, measured, judged and booked. */
@NullMarked
package dev.gpucloud.inventory.acceptance;

import org.jspecify.annotations.NullMarked;
