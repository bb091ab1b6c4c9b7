package dev.gpucloud.inventory.tenancy;

import dev.gpucloud.contracts.event.TenantFact;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.access.TenantScope;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Only an active project of an active tenant, below active ones alone, takes anything new: of a
 * tenant's own state and those of its ancestors the strictest counts.
 */
@ApplicationScoped
public class OpenScope {
  private static final String ACTIVE = "ACTIVE";

  private final Ancestors ancestors;

  OpenScope(Ancestors ancestors) {
    this.ancestors = ancestors;
  }

  /**
   * Refuses what would be new there.
   *
   * @throws ProblemException STATE_CONFLICT with the state, its reason and the way out
   */
  public void require(TenantScope scope) {
    TenantFact tenant = scope.tenant().fact();
    String project = scope.project().fact().state();
    if (!tenant.state().equals(ACTIVE)) {
      throw refused(tenant, project);
    }
    ancestors
        .heldAbove(tenant.tenantId())
        .ifPresent(
            held -> {
              throw refused(tenant, held);
            });
    if (!project.equals(ACTIVE)) {
      throw ProblemType.STATE_CONFLICT
          .because("The project is " + project + " and takes nothing new; an owner can reopen it.")
          .with("tenantState", tenant.state())
          .with("projectState", project);
    }
  }

  /** Why the ancestor is so is between it and the platform. */
  private static ProblemException refused(TenantFact tenant, Ancestors.Held held) {
    return ProblemType.STATE_CONFLICT
        .because(
            "The tenant stands below %s (%s), which is %s. Nothing below it takes anything new%s."
                .formatted(
                    held.name(),
                    held.slug(),
                    held.state(),
                    held.state().equals("SUSPENDED") ? " until the platform resumes it" : ""))
        .with("tenantState", tenant.state())
        .with("ancestor", held.slug())
        .with("ancestorState", held.state());
  }

  private static ProblemException refused(TenantFact tenant, String project) {
    TenantFact.Suspension suspension = tenant.suspension();
    String why = suspension == null ? "" : ": " + suspension.reason();
    String end = why.endsWith(".") ? "" : ".";
    ProblemException problem =
        ProblemType.STATE_CONFLICT
            .because(
                "The tenant is "
                    + tenant.state()
                    + why
                    + end
                    + (tenant.state().equals("SUSPENDED")
                        ? " It takes nothing new until the platform resumes it."
                        : " It takes nothing new."))
            .with("tenantState", tenant.state())
            .with("projectState", project);
    return suspension == null || suspension.stopAt() == null
        ? problem
        : problem.with("stopAt", suspension.stopAt());
  }
}
