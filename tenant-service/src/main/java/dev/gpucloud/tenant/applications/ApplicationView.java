package dev.gpucloud.tenant.applications;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.TenantApplicationId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.tenant.engine.BillingMode;
import dev.gpucloud.tenant.engine.Contacts;
import dev.gpucloud.tenant.engine.Segment;
import dev.gpucloud.tenant.engine.TenantKind;
import dev.gpucloud.tenant.engine.TenantSpec;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An application as its applicant and the platform see it. */
@Schema(name = "TenantApplication", description = "Somebody asks for a tenant.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record ApplicationView(
    @Schema(implementation = String.class, examples = "tap_019a3c5e-7b1d-7c2a-9f00-5d2f6a1b3c4d")
        TenantApplicationId id,
    @Schema(description = "Subject of the applicant, who becomes the owner.") String applicant,
    @Schema(examples = "kim.jisoo") String applicantName,
    String slug,
    @Nullable String name,
    @Nullable TenantKind kind,
    @Nullable Segment segment,
    @Nullable String parent,
    @Nullable BillingMode billingMode,
    @Nullable String businessNumber,
    @Schema(
            description =
                "To the platform: slugs of open tenants that have this business number. Tenants of"
                    + " one number share a billing account and its invoices.")
        @Nullable List<String> businessNumberHolders,
    @Nullable Contacts contacts,
    @Schema(description = "Slug of the first project.") String project,
    @Nullable String purpose,
    @Schema(enumeration = {"APPLIED", "APPROVED", "REJECTED", "WITHDRAWN"}) String state,
    @Schema(description = "What the platform said to its decision.") @Nullable String note,
    @Nullable String decidedBy,
    @Nullable Instant decidedAt,
    @Schema(implementation = String.class, description = "The tenant that was opened.")
        @Nullable TenantId tenantId,
    @Schema(examples = "1", description = "Counts changes from 1; the ETag.") long version,
    Instant createdAt,
    Instant updatedAt) {

  /** As its applicant sees it. */
  static ApplicationView of(ApplicationEntity row) {
    return of(row, null);
  }

  /** With who holds its business number, which is for the platform alone. */
  static ApplicationView of(ApplicationEntity row, @Nullable List<String> holders) {
    TenantSpec spec = row.spec();
    return new ApplicationView(
        row.id(),
        row.applicant().subject(),
        row.applicant().name(),
        spec.slug(),
        spec.name(),
        spec.kind(),
        spec.segment(),
        spec.parent(),
        spec.billingMode(),
        spec.businessNumber(),
        holders,
        spec.contacts(),
        row.projectSlug(),
        row.purpose(),
        row.state().name(),
        row.note(),
        row.decidedBy(),
        row.decidedAt(),
        row.openedTenant(),
        row.version(),
        row.createdAt(),
        row.updatedAt());
  }
}
