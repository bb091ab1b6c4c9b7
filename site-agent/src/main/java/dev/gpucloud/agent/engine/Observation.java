package dev.gpucloud.agent.engine;

import dev.gpucloud.contracts.id.RunId;

/** Something a driver saw happen to a run. */
public sealed interface Observation {
  /** The run that it happened to. */
  RunId runId();

  /** The instance is up. */
  record Running(RunId runId) implements Observation {}

  /** The boot failed, or a running instance ended by itself. */
  record Failed(RunId runId, String reason) implements Observation {}

  /** The instance is gone and its GPU memory scrubbed. */
  record Released(RunId runId) implements Observation {}
}
