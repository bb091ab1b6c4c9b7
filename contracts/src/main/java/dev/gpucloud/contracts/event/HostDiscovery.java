package dev.gpucloud.contracts.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A host as the agent of a site finds it, whether or not anybody expects it there. {@code
 * reportSequence} grows with every look at the site's hosts, so that an older look is told from a
 * newer one; it begins with the milliseconds since 1970 at which the agent began.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record HostDiscovery(
    String site, String serial, long reportSequence, Instant at, List<FoundGpu> gpus) {
  /** A GPU at its place in the host, counted from 0. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record FoundGpu(
      int position,
      String uuid,
      String serial,
      String model,
      @Nullable String firmware,
      String migMode,
      String health) {}
}
