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
 * true.
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
    @Nullable String reason) {
  public static final String BOOTING = "BOOTING";
  public static final String RUNNING = "RUNNING";
  public static final String RELEASED = "RELEASED";
  public static final String FAILED = "FAILED";
}
