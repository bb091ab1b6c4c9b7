package dev.gpucloud.inventory.instance;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.id.RunId;

/** A run's slices on a host at a site that its instance no longer uses; their proof is owed. */
public record LeftBehind(String site, HostId host, RunId run, long mask) {}
