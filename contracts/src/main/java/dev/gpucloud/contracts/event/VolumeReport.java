package dev.gpucloud.contracts.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.VolumeId;
import java.time.Instant;

/**
 * What the agent of a site sees of a volume that it was told to delete: ABSENT since {@code at} in
 * business time. Nobody can read what was on it any more, and no run has it. {@code orderSequence}
 * is that of the order it answers.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record VolumeReport(
    String site, VolumeId volumeId, long orderSequence, String observed, Instant at) {
  public static final String ABSENT = "ABSENT";
}
