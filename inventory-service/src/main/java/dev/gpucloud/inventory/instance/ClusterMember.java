package dev.gpucloud.inventory.instance;

import dev.gpucloud.contracts.id.RunId;

/** An instance of a new cluster, and the run that it opens. */
public record ClusterMember(InstanceDraft draft, RunId run) {}
