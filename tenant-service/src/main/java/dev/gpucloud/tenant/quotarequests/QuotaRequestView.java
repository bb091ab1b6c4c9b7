package dev.gpucloud.tenant.quotarequests;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.QuotaRequestId;
import dev.gpucloud.contracts.id.TenantId;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A request for more quota as its tenant and those who decide see it. */
@Schema(name = "QuotaRequest")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record QuotaRequestView(
    QuotaRequestId id,
    TenantId tenantId,
    @Schema(examples = "sk-hynix", description = "Slug of the tenant that asks.") String tenant,
    @Nullable ProjectId projectId,
    String model,
    @Schema(description = "Left out: over all sites.") @Nullable String site,
    @Schema(description = "The limit asked for, in GPUs, not what is to be added.") int wantedGpus,
    String reason,
    QuotaRequestState state,
    @Schema(description = "The limit that was set.") @Nullable Integer grantedGpus,
    @Nullable String note,
    @Schema(
            description =
                "Version of the quota that the grant set; inventory shows it once applied.")
        @Nullable Long quotaVersion,
    String createdBy,
    @Nullable String decidedBy,
    long version,
    Instant createdAt,
    @Nullable Instant decidedAt) {
  static QuotaRequestView of(QuotaRequestEntity request) {
    return new QuotaRequestView(
        request.id(),
        request.tenant(),
        request.tenantSlug(),
        request.project(),
        request.model(),
        request.siteOrNull(),
        request.wantedGpus(),
        request.reason(),
        request.state(),
        request.grantedGpus(),
        request.note(),
        request.quotaVersion(),
        request.createdBy(),
        request.decidedBy(),
        request.version(),
        request.createdAt(),
        request.decidedAt());
  }
}
