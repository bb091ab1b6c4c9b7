package dev.gpucloud.agent.engine;

import dev.gpucloud.contracts.event.Capability;
import dev.gpucloud.contracts.id.VolumeId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Hands of the agent on the hosts of a site. Both requests are idempotent and answered later by an
 * observation; the newest request for a run replaces an earlier one. After a restart of the agent
 * every run that is not released is requested again with its first system time. Called by one
 * thread.
 */
public interface Driver extends AutoCloseable {

  /**
   * Makes the run be there; ends in {@code Running} or {@code Failed}. A volume that its setup
   * names is made when it is named first, with its size and, if the run boots from it, its image;
   * it keeps its content over runs until it is deleted, and no other run has it now.
   */
  void start(RunSpec run, Instant since);

  /**
   * Boots a running run again, with the slots that the order names now; ends in {@code Running}
   * once the memory of slots that it no longer has is scrubbed, or in {@code Failed}.
   */
  void reboot(RunSpec run, Instant since);

  /**
   * Makes the run be gone and the GPU memory that it used scrubbed; ends in {@code Released}.
   * Leaves the slots alone when the run never was there: another one may hold them.
   */
  void release(RunSpec run, Instant since);

  /**
   * What a running run is given has changed: its allow-list, its volumes. A volume that is named no
   * more is detached when this returns; it may be given to another run at once.
   */
  default void configure(RunSpec run) {}

  /**
   * Makes a volume be gone, so that nobody can read what was on it; ends in {@link
   * #deletedVolumes()}. No run has it, and none is given it any more. One that was never made is
   * gone at once. Asked for again while it is unanswered.
   */
  void delete(VolumeId volume, Instant since);

  /** The volumes that were gone since the last call. */
  List<VolumeId> deletedVolumes();

  /** The driver's name. */
  String name();

  /** What the driver provides beside GPUs. */
  Set<Capability> capabilities();

  /** Consoles that said something since the last call, each with what it ends with now. */
  default List<Console> consoles() {
    return List.of();
  }

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
