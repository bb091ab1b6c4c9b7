package dev.gpucloud.contracts.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.TenantId;
import java.time.LocalDate;

/**
 * Won given to a tenant for use until the end of a day in Seoul, on {@link Topics#GRANTS}. A name
 * stands for one credit of a tenant.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record CreditFact(TenantId tenantId, String name, long amountKrw, LocalDate expires) {
  /** Key of its message. */
  public String key() {
    return tenantId + "/" + name;
  }
}
