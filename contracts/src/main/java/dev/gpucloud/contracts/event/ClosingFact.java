package dev.gpucloud.contracts.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.TenantId;
import java.time.Instant;
import java.util.List;

/**
 * What one service still holds of a tenant that is CLOSING, on its topic of closings; no blocker
 * means that the service is done with it.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ClosingFact(TenantId tenantId, String service, List<Blocker> blockers, Instant at) {

  /** One kind of thing that must be gone first. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Blocker(String code, String detail) {}
}
