package dev.gpucloud.contracts.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.RunId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What must be true on a host: the instance's run is RUNNING or ABSENT. Later {@code orderSequence}
 * and {@code epoch} win; agents refuse older ones. {@code bootGeneration} counts how often the run
 * shall have been booted again: a running run of a lower one is rebooted with the slots named here.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record OrderFact(
    HostId hostId,
    InstanceId instanceId,
    RunId runId,
    long epoch,
    long orderSequence,
    String desired,
    String instanceType,
    int gpus,
    @Nullable String migProfile,
    String slots,
    @Nullable String image,
    @Nullable Instant issuedAt,
    @Nullable Integer bootGeneration,
    @Nullable RunSetup setup) {
  public static final String RUNNING = "RUNNING";
  public static final String ABSENT = "ABSENT";

  /** An order for a run that was never rebooted and is given nothing beside its GPUs. */
  public OrderFact(
      HostId hostId,
      InstanceId instanceId,
      RunId runId,
      long epoch,
      long orderSequence,
      String desired,
      String instanceType,
      int gpus,
      @Nullable String migProfile,
      String slots,
      @Nullable String image,
      @Nullable Instant issuedAt) {
    this(
        hostId,
        instanceId,
        runId,
        epoch,
        orderSequence,
        desired,
        instanceType,
        gpus,
        migProfile,
        slots,
        image,
        issuedAt,
        null,
        null);
  }

  /** The boot generation, 0 when none is named. */
  public int generation() {
    return bootGeneration == null ? 0 : bootGeneration;
  }

  /** The same order with what the run is given. */
  public OrderFact with(@Nullable RunSetup given) {
    return new OrderFact(
        hostId,
        instanceId,
        runId,
        epoch,
        orderSequence,
        desired,
        instanceType,
        gpus,
        migProfile,
        slots,
        image,
        issuedAt,
        bootGeneration,
        given);
  }
}
