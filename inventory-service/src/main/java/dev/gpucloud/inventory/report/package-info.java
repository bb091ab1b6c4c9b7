/** What sites report beside their runs. */
@NullMarked
package dev.gpucloud.inventory.report;

import org.jspecify.annotations.NullMarked;
