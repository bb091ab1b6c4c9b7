package dev.gpucloud.tenant.grants;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.event.CreditFact;
import dev.gpucloud.contracts.id.CreditId;
import dev.gpucloud.contracts.id.TenantId;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A credit that a tenant was given; who gave it and why is for the platform's staff alone. */
@Schema(name = "Credit")
@JsonInclude(JsonInclude.Include.NON_NULL)
record CreditView(
    @Schema(examples = "crd_019a3c5e-7b1d-7c2a-9f00-5d2f6a1b3c4d") CreditId id,
    @Schema(implementation = String.class) TenantId tenantId,
    @Schema(examples = "startup-credit") String name,
    @Schema(examples = "30000000") long amountKrw,
    @Schema(examples = "2027-03-31", description = "The last day, in Seoul.") LocalDate expires,
    @Schema(enumeration = {"ACTIVE", "EXPIRED", "WITHDRAWN"}) String state,
    Instant createdAt,
    @Nullable String createdBy,
    @Nullable String reason,
    @Schema(description = "It pays for no usage from then on.") @Nullable Instant withdrawnAt,
    @Nullable String withdrawnBy,
    @Schema(description = "As the tenant is told.") @Nullable String withdrawnReason) {
  /** In this order. */
  static final String COLUMNS =
      """
      id, tenant_id, name, amount_krw, expires, created_at, created_by, reason, withdrawn_at,
      withdrawn_by, withdrawn_reason\s""";

  static CreditView of(Object[] row, LocalDate today) {
    Columns c = new Columns(row);
    UUID id = c.uuid();
    UUID tenant = c.uuid();
    String name = c.text();
    long amountKrw = c.number();
    LocalDate expires = c.day();
    Instant createdAt = c.instant();
    String createdBy = c.text();
    String reason = c.text();
    Instant withdrawnAt = c.instantOrNull();
    return new CreditView(
        new CreditId(id),
        new TenantId(tenant),
        name,
        amountKrw,
        expires,
        withdrawnAt != null ? "WITHDRAWN" : expires.isBefore(today) ? "EXPIRED" : "ACTIVE",
        createdAt,
        createdBy,
        reason,
        withdrawnAt,
        c.textOrNull(),
        c.textOrNull());
  }

  /** Without who of the platform did what, and without what staff noted for themselves. */
  CreditView forMembers() {
    return new CreditView(
        id,
        tenantId,
        name,
        amountKrw,
        expires,
        state,
        createdAt,
        null,
        null,
        withdrawnAt,
        null,
        withdrawnReason);
  }

  CreditView withdrawn(Instant at, String by, String why) {
    return new CreditView(
        id,
        tenantId,
        name,
        amountKrw,
        expires,
        "WITHDRAWN",
        createdAt,
        createdBy,
        reason,
        at,
        by,
        why);
  }

  CreditFact fact() {
    return new CreditFact(tenantId, name, amountKrw, expires, withdrawnAt);
  }
}
