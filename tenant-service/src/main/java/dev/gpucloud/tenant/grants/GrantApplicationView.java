package dev.gpucloud.tenant.grants;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.GrantApplicationId;
import dev.gpucloud.contracts.id.GrantCallId;
import dev.gpucloud.contracts.id.TenantId;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An application; rank, points and explanation stand once awards are proposed. */
@Schema(name = "GrantApplication")
@JsonInclude(JsonInclude.Include.NON_NULL)
record GrantApplicationView(
    GrantApplicationId id,
    GrantCallId callId,
    @Schema(description = "Left out: applied without a tenant.") @Nullable TenantId tenantId,
    String applicant,
    @Nullable String businessNumber,
    String category,
    boolean regional,
    String model,
    int gpus,
    int minGpus,
    String purpose,
    @Schema(enumeration = {"SUBMITTED", "WITHDRAWN", "AWARDED", "REFUSED"}) String state,
    @Schema(
            enumeration = {
              "OFFERED",
              "ACCEPTED",
              "ACTIVE",
              "NOTICED",
              "ENDED",
              "DECLINED",
              "LAPSED",
              "CLAWED_BACK"
            },
            description = "What has become of the award of an AWARDED application.")
        @Nullable String awardState,
    @Nullable Integer rank,
    @Nullable String explanation,
    long version,
    Instant createdAt) {
  /** In this order. */
  static final String COLUMNS =
      """
      a.id, a.call_id, a.tenant_id, a.applicant, a.business_number, a.category, a.regional, a.model,
      a.asked_gpus, a.min_gpus, a.purpose, a.state, case when a.state = 'AWARDED' then (
        select w.state from grant_award w where w.application_id = a.id order by w.id desc limit 1)
        end, a.rank, a.explanation, a.version, a.created_at\s""";

  static GrantApplicationView of(Object[] row) {
    Columns c = new Columns(row);
    UUID id = c.uuid();
    UUID call = c.uuid();
    UUID tenant = c.uuidOrNull();
    return new GrantApplicationView(
        new GrantApplicationId(id),
        new GrantCallId(call),
        tenant == null ? null : new TenantId(tenant),
        c.text(),
        c.textOrNull(),
        c.text(),
        c.flag(),
        c.text(),
        c.integer(),
        c.integer(),
        c.text(),
        c.text(),
        c.textOrNull(),
        c.integerOrNull(),
        c.textOrNull(),
        c.number(),
        c.instant());
  }
}
