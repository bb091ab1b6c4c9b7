package dev.gpucloud.contracts.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.HostId;
import java.time.Instant;

/**
 * What must be known of a host on its way into service: that it was SEEN, or that it was BURNED_IN.
 * {@code orderSequence} grows with every new wish; a repeated order has the same one and is
 * answered again.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record HostOrderFact(
    String site,
    HostId hostId,
    String serial,
    String model,
    int gpus,
    String desired,
    long orderSequence,
    Instant issuedAt) {
  public static final String SEEN = "SEEN";
  public static final String BURNED_IN = "BURNED_IN";
}
