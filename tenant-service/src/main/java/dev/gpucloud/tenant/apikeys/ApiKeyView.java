package dev.gpucloud.tenant.apikeys;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.ApiKeyId;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.kit.access.TenantRole;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A key as it is shown: never with its secret but in the answer that made it. */
@Schema(name = "ApiKey")
@JsonInclude(JsonInclude.Include.NON_NULL)
record ApiKeyView(
    @Schema(implementation = String.class) ApiKeyId id,
    @Schema(examples = "nightly-training") String name,
    @Schema(description = "The member whose roles bound it.") String subject,
    @Schema(description = "ACTIVE, EXPIRED or REVOKED.", examples = "ACTIVE") String state,
    @Schema(examples = "[\"OPERATOR\"]") List<TenantRole> roles,
    @Schema(description = "The only projects it opens; none means the whole tenant.")
        List<ProjectId> projects,
    @Schema(
            examples = "[\"projects.instances.*\", \"*.read\"]",
            description = "The only actions it allows; none means all that its roles may.")
        List<String> actions,
    String createdBy,
    Instant createdAt,
    Instant expiresAt,
    @Schema(description = "Exact to some seconds; absent when never used.")
        @Nullable Instant lastUsedAt,
    @Nullable Instant revokedAt,
    @Nullable String revokedBy,
    @Schema(
            description = "The key itself, in the first answer to its creation and never again.",
            examples = "gck_01a201580300796cb39050cdf4b4e19a_<49 letters and digits>")
        @Nullable String key) {

  static ApiKeyView of(ApiKeyEntity row, Instant now) {
    return new ApiKeyView(
        row.id(),
        row.name(),
        row.subject(),
        row.revokedAt() != null ? "REVOKED" : now.isBefore(row.expiresAt()) ? "ACTIVE" : "EXPIRED",
        row.roles(),
        row.projects(),
        row.actions(),
        row.createdBy(),
        row.createdAt(),
        row.expiresAt(),
        row.lastUsedAt(),
        row.revokedAt(),
        row.revokedBy(),
        null);
  }
}
