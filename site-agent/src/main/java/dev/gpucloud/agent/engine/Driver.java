package dev.gpucloud.agent.engine;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Hands of the agent on the hosts of a site. Both requests are idempotent and answered later by an
 * observation; the newest request for a run replaces an earlier one. After a restart of the agent
 * every run that is not released is requested again with its first system time. Called by one
 * thread.
 */
public interface Driver extends AutoCloseable {

  /** Makes the run be there; ends in {@code Running} or {@code Failed}. */
  void start(RunSpec run, Instant since);

  /**
   * Makes the run be gone and the GPU memory that it used scrubbed; ends in {@code Released}.
   * Leaves the slots alone when the run never was there: another one may hold them.
   */
  void release(RunSpec run, Instant since);

  /** What happened since the last call, oldest first. */
  List<Observation> observations();

  /** Errors that hosts logged since the last call, oldest first. */
  default List<Fault> faults() {
    return List.of();
  }

  /** System time at which the next observation is expected, when the driver knows. */
  Optional<Instant> nextObservation();

  @Override
  default void close() {}
}
