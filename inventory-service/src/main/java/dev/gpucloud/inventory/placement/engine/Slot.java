package dev.gpucloud.inventory.placement.engine;

import dev.gpucloud.contracts.id.HostId;

/** What a decision takes from one host: slices, processors, memory. */
public record Slot(HostId host, long mask, int vcpus, int memoryGib) {}
