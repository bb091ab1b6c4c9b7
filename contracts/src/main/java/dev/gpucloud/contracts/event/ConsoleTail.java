package dev.gpucloud.contracts.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.RunId;
import java.time.Instant;

/**
 * The end of a run's console as the agent of its site sees it; a later one replaces it. {@code
 * text} has at most {@link #LONGEST} characters, {@code cut} says that there was more before.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ConsoleTail(
    String site,
    HostId hostId,
    InstanceId instanceId,
    RunId runId,
    Instant at,
    boolean cut,
    String text) {
  /** Most characters of the text. */
  public static final int LONGEST = 16_384;
}
