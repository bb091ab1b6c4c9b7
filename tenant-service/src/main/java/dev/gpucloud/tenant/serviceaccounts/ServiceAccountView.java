package dev.gpucloud.tenant.serviceaccounts;

import dev.gpucloud.contracts.id.ServiceAccountId;
import dev.gpucloud.tenant.members.MemberView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** An account with its roles. */
@Schema(name = "ServiceAccount", description = "A member that is no person.")
record ServiceAccountView(
    @Schema(implementation = String.class) ServiceAccountId id,
    @Schema(examples = "nightly-training") String name,
    String description,
    @Schema(examples = "[\"OPERATOR\"]") List<String> roles,
    @Schema(description = "Further roles by project id.") Map<String, List<String>> projectRoles,
    @Schema(examples = "1", description = "Counts changes from 1; the ETag.") long version,
    Instant createdAt,
    Instant updatedAt) {

  static ServiceAccountView of(ServiceAccountEntity account, MemberView member) {
    return new ServiceAccountView(
        account.id(),
        account.name(),
        account.description(),
        member.roles(),
        member.projectRoles(),
        account.version(),
        account.createdAt(),
        account.updatedAt());
  }
}
