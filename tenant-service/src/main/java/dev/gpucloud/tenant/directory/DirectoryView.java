package dev.gpucloud.tenant.directory;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.TenantId;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How far the identity provider is behind, and what it refuses. */
@Schema(name = "DirectoryState")
@JsonInclude(JsonInclude.Include.NON_NULL)
record DirectoryView(
    @Schema(description = "Whether an identity provider is kept in step at all.")
        boolean configured,
    @Schema(description = "Organisations and memberships that changed and are not there yet.")
        long pending,
    @Schema(description = "Of those, how many were refused at the last try.") long refused,
    @Schema(description = "Since when the longest waits.") @Nullable Instant oldestPendingSince,
    @Schema(description = "How long that is; 0 when nothing waits.") long oldestPendingAgeSeconds,
    @Schema(description = "Those that are there and are compared again at their time.") long checks,
    @Schema(description = "Of those, how many have their time behind them.") long checksDue,
    @Schema(description = "When the replica that answers last reached it.")
        @Nullable Instant lastContact,
    @Schema(description = "How often in a row it could not be reached since.") int failuresInARow,
    @Nullable String problem,
    @Schema(description = "The first 100 that were refused, longest waiting first.")
        List<Refusal> refusals) {

  /** An organisation, or a member of it, that is refused. */
  @Schema(name = "DirectoryRefusal")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Refusal(
      @Schema(implementation = String.class) TenantId tenantId,
      @Schema(description = "Its slug.") String tenant,
      @Schema(description = "Absent for the organisation itself.") @Nullable String subject,
      String problem,
      int attempts,
      Instant nextTryAt) {}
}
