/** What sites report beside their runs, and orders that are sent until they report. */
@NullMarked
package dev.gpucloud.inventory.report;

import org.jspecify.annotations.NullMarked;
