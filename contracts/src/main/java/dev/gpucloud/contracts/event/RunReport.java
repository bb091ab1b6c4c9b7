package dev.gpucloud.contracts.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.RunId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the agent of a site sees of one run. {@code at} is the business time at which it became
 * true. {@code scrubbed} says that the memory of GPUs that the run no longer has is scrubbed: of
 * all when it is RELEASED, of those that a reboot took away when it is RUNNING at a later {@code
 * bootGeneration}.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record RunReport(
    String site,
    HostId hostId,
    InstanceId instanceId,
    RunId runId,
    long epoch,
    long orderSequence,
    String observed,
    Instant at,
    boolean scrubbed,
    @Nullable String reason,
    @Nullable Integer bootGeneration) {
  public static final String BOOTING = "BOOTING";
  public static final String RUNNING = "RUNNING";
  public static final String REBOOTING = "REBOOTING";
  public static final String RELEASED = "RELEASED";
  public static final String FAILED = "FAILED";

  /** A report on a run that was never rebooted. */
  public RunReport(
      String site,
      HostId hostId,
      InstanceId instanceId,
      RunId runId,
      long epoch,
      long orderSequence,
      String observed,
      Instant at,
      boolean scrubbed,
      @Nullable String reason) {
    this(
        site,
        hostId,
        instanceId,
        runId,
        epoch,
        orderSequence,
        observed,
        at,
        scrubbed,
        reason,
        null);
  }

  /** The same, but nothing that it tells of became true before {@code earliest}. */
  public RunReport notBefore(Instant earliest) {
    return at.isBefore(earliest)
        ? new RunReport(
            site,
            hostId,
            instanceId,
            runId,
            epoch,
            orderSequence,
            observed,
            earliest,
            scrubbed,
            reason,
            bootGeneration)
        : this;
  }

  /** The boot generation, 0 when none is named. */
  public int generation() {
    return bootGeneration == null ? 0 : bootGeneration;
  }
}
