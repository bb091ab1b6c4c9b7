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
 * and {@code epoch} win; agents refuse older ones.
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
    @Nullable Instant issuedAt) {
  public static final String RUNNING = "RUNNING";
  public static final String ABSENT = "ABSENT";
}
