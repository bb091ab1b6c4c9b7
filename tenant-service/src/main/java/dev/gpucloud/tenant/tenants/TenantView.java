package dev.gpucloud.tenant.tenants;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.event.TenantFact;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.tenant.engine.Contacts;
import dev.gpucloud.tenant.engine.SuspensionPolicy;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A tenant as its members and the platform's staff see it. */
@Schema(name = "Tenant", description = "A customer organisation that owns projects and quotas.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TenantView(
    @Schema(
            implementation = String.class,
            examples = "ten_019a3c5e-7b1d-7c2a-9f00-5d2f6a1b3c4d",
            description = "Id, stable for ever.")
        TenantId id,
    @Schema(examples = "sk-hynix", description = "Short name in addresses, unique and fixed.")
        String slug,
    @Schema(examples = "SK hynix") String name,
    @Schema(
            enumeration = {"GROUP", "SUBSIDIARY", "EXTERNAL"},
            examples = "SUBSIDIARY",
            description =
                "GROUP stands at the top; a SUBSIDIARY below a SUBSIDIARY is its division; EXTERNAL"
                    + " is an outside customer.")
        @Nullable String kind,
    @Schema(
            enumeration = {"ENTERPRISE", "STARTUP", "ACADEMIA", "RESEARCH", "GOVERNMENT"},
            description = "Only for EXTERNAL tenants; prices depend on it.")
        @Nullable String segment,
    @Schema(implementation = String.class, description = "Id of the tenant above.")
        @Nullable TenantId parentId,
    @Schema(examples = "sk-group", description = "Slug of the tenant above.")
        @Nullable String parent,
    @Schema(
            enumeration = {"ACTIVE", "SUSPENDED", "CLOSING", "CLOSED"},
            examples = "ACTIVE")
        @Nullable String state,
    @Schema(description = "Why the tenant is in this state.") @Nullable String stateReason,
    @Schema(
            enumeration = {"EXTERNAL", "GROUP_SERVICE", "COST_SHARE", "SHOWBACK"},
            examples = "GROUP_SERVICE",
            description =
                "EXTERNAL: invoiced with VAT. GROUP_SERVICE: taxable service inside the group."
                    + " COST_SHARE: passed on at cost without VAT. SHOWBACK: report only.")
        @Nullable String billingMode,
    @Schema(
            examples = "000-00-00015",
            description = "Korean business registration number of the legal entity billed.")
        @Nullable String businessNumber,
    TenantFact.@Nullable Programme programme,
    TenantFact.@Nullable Residency residency,
    @Schema(description = "Whom the platform writes to.") @Nullable Contacts contacts,
    @Schema(description = "What becomes of running instances while it is suspended.")
        @Nullable SuspensionPolicy suspensionPolicy,
    @Schema(description = "Only while it is SUSPENDED; stopAt is when what runs is stopped.")
        TenantFact.@Nullable Suspension suspension,
    @Schema(description = "Only while it is CLOSING: what must be gone before it is CLOSED.")
        @Nullable List<Closings.Blocker> closingBlockers,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        @Schema(examples = "1", description = "Counts changes from 1; the ETag.")
        long version,
    @Nullable Instant createdAt,
    @Nullable Instant updatedAt) {

  /** What somebody sees who has roles at projects of the tenant alone: how it is called. */
  static TenantView named(TenantEntity tenant) {
    return new TenantView(
        tenant.id(),
        tenant.slug(),
        tenant.name(),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        0,
        null,
        null);
  }

  /** The view of a row. */
  public static TenantView of(TenantEntity tenant) {
    TenantFact fact = tenant.fact();
    return new TenantView(
        tenant.id(),
        fact.slug(),
        fact.name(),
        fact.kind(),
        fact.segment(),
        fact.parentId(),
        tenant.parentSlug(),
        fact.state(),
        tenant.stateReason(),
        fact.billingMode(),
        fact.businessNumber(),
        fact.programme(),
        fact.residency(),
        tenant.contacts(),
        tenant.suspensionPolicy(),
        fact.suspension(),
        null,
        tenant.version(),
        tenant.createdAt(),
        tenant.updatedAt());
  }

  /** The same with what stands against its end. */
  TenantView blockedBy(List<Closings.Blocker> blockers) {
    return new TenantView(
        id,
        slug,
        name,
        kind,
        segment,
        parentId,
        parent,
        state,
        stateReason,
        billingMode,
        businessNumber,
        programme,
        residency,
        contacts,
        suspensionPolicy,
        suspension,
        blockers,
        version,
        createdAt,
        updatedAt);
  }
}
