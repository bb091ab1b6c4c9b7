/** What a tenant runs: its row, its life and the events of every change. */
@NullMarked
package dev.gpucloud.inventory.instance;

import org.jspecify.annotations.NullMarked;
