package dev.gpucloud.contracts.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import org.jspecify.annotations.Nullable;

/**
 * How many GPUs of a model a tenant may hold, on {@link Topics#QUOTAS}; null means no limit of its
 * own. With a project it binds that project alone, with a site it binds what is held there, beside
 * the limit over all sites. What is guaranteed is meant to be there when asked for; with a borrow
 * limit no more than both together may be held, however high the limit is.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record QuotaFact(
    TenantId tenantId,
    String model,
    @Nullable Integer limitGpus,
    long version,
    @Nullable ProjectId projectId,
    @Nullable String site,
    @Nullable Integer guaranteedGpus,
    @Nullable Integer borrowLimitGpus) {
  /** Key of its message: what the limit binds, so that the newest limit of each is kept. */
  public String key() {
    String whom = projectId == null ? tenantId.toString() : projectId.toString();
    return whom + "/" + model + (site == null ? "" : "@" + site);
  }
}
