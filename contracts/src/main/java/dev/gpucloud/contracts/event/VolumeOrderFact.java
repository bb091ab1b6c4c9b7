package dev.gpucloud.contracts.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.VolumeId;
import java.time.Instant;

/**
 * What must be true of a volume at a site: that it is ABSENT, and that nobody can read what was on
 * it. {@code orderSequence} grows with every new wish; a repeated order has the same one and is
 * answered again. A volume is never wanted again once it was to be absent.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record VolumeOrderFact(
    String site, VolumeId volumeId, String desired, long orderSequence, Instant issuedAt) {
  public static final String ABSENT = "ABSENT";
}
