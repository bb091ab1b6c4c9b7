package dev.gpucloud.contracts.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.TenantId;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Won given to a tenant for use until the end of a day in Seoul, on {@link Topics#GRANTS}. A name
 * stands for one credit of a tenant.
 *
 * @param withdrawnAt when it ended before its time: it pays for no usage from then on
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record CreditFact(
    TenantId tenantId,
    String name,
    long amountKrw,
    LocalDate expires,
    @Nullable Instant withdrawnAt) {
  /** Key of its message. */
  public String key() {
    return tenantId + "/" + name;
  }
}
