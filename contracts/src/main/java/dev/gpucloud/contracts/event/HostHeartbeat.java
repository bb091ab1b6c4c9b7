package dev.gpucloud.contracts.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.id.RunId;
import java.time.Instant;
import java.util.List;

/** A host is alive, and so are these runs; not sequenced, readers keep the maximum. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record HostHeartbeat(String site, HostId hostId, Instant at, List<AliveRun> runs) {
  /** A run that was alive through an instant of business time. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record AliveRun(RunId runId, Instant aliveThrough, long lastSequence) {}
}
