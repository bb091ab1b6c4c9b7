package dev.gpucloud.contracts.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.TenantId;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** A tenant as others need to know it, on {@link Topics#TENANTS}. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record TenantFact(
    TenantId tenantId,
    String slug,
    String name,
    String kind,
    @Nullable TenantId parentId,
    @Nullable String segment,
    String state,
    @Nullable String billingMode,
    @Nullable String businessNumber,
    @Nullable Programme programme,
    @Nullable Residency residency,
    @Nullable Suspension suspension) {

  /** One that is not suspended. */
  public TenantFact(
      TenantId tenantId,
      String slug,
      String name,
      String kind,
      @Nullable TenantId parentId,
      @Nullable String segment,
      String state,
      @Nullable String billingMode,
      @Nullable String businessNumber,
      @Nullable Programme programme,
      @Nullable Residency residency) {
    this(
        tenantId,
        slug,
        name,
        kind,
        parentId,
        segment,
        state,
        billingMode,
        businessNumber,
        programme,
        residency,
        null);
  }

  /** A grant programme the tenant takes part in: a credit in won, or the share it pays itself. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Programme(
      String name,
      @Nullable Long creditKrw,
      @Nullable Integer customerSharePct,
      @Nullable LocalDate expires) {}

  /** Where the tenant may run: a country and the lowest CSAP zone allowed. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Residency(@Nullable String country, @Nullable String minCsapZone) {}

  /** Why and since when it is suspended; {@code stopAt} is when what runs is stopped, if ever. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Suspension(String reason, Instant since, @Nullable Instant stopAt) {}
}
