package dev.gpucloud.agent.engine;

import dev.gpucloud.contracts.id.RunId;

/** What the console of a run ends with. */
public record Console(RunId runId, String text) {}
