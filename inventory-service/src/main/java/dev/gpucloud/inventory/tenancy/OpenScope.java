package dev.gpucloud.inventory.tenancy;

import dev.gpucloud.contracts.event.TenantFact;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.access.TenantScope;

/** Only an active project of an active tenant takes anything new. */
public final class OpenScope {
  private static final String ACTIVE = "ACTIVE";

  private OpenScope() {}

  /**
   * Refuses what would be new there.
   *
   * @throws ProblemException STATE_CONFLICT with the state, its reason and the way out
   */
  public static void require(TenantScope scope) {
    TenantFact tenant = scope.tenant().fact();
    String project = scope.project().fact().state();
    if (!tenant.state().equals(ACTIVE)) {
      throw refused(tenant, project);
    }
    if (!project.equals(ACTIVE)) {
      throw ProblemType.STATE_CONFLICT
          .because("The project is " + project + " and takes nothing new; an owner can reopen it.")
          .with("tenantState", tenant.state())
          .with("projectState", project);
    }
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
