package dev.gpucloud.inventory.placement.engine.share;

/** How a request's host is chosen among those with room for it. */
public sealed interface SharePolicy permits RandomPolicy, ScoredPolicy {}
