package dev.gpucloud.tenant.engine;

import static dev.gpucloud.tenant.engine.MemberRole.BILLING_VIEWER;
import static dev.gpucloud.tenant.engine.MemberRole.OPERATOR;
import static dev.gpucloud.tenant.engine.MemberRole.OWNER;
import static dev.gpucloud.tenant.engine.MemberRole.VIEWER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.problem.FieldError;
import dev.gpucloud.tenant.engine.RoleGrants.Roles;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RoleGrantsTest {
  private static final ProjectId ONE = new ProjectId(new UUID(1, 1));
  private static final ProjectId TWO = new ProjectId(new UUID(1, 2));

  @Test
  void nobodyGivesARoleAboveTheirOwn() {
    assertThat(RoleGrants.givenBy(Set.of(OWNER)))
        .containsExactlyInAnyOrder(OWNER, OPERATOR, VIEWER, BILLING_VIEWER);
    assertThat(RoleGrants.givenBy(Set.of(OPERATOR))).containsExactlyInAnyOrder(OPERATOR, VIEWER);
    assertThat(RoleGrants.givenBy(Set.of(VIEWER, BILLING_VIEWER)))
        .containsExactlyInAnyOrder(VIEWER, BILLING_VIEWER);
    assertThat(RoleGrants.givenBy(Set.of())).isEmpty();
  }

  @Test
  void anOwnerOfTheTenantGivesEverythingEverywhere() {
    assertThat(
            refused(
                new Roles(Set.of(OWNER), Map.of()),
                new Roles(Set.of(OWNER, BILLING_VIEWER), Map.of(ONE, Set.of(OWNER)))))
        .isEmpty();
  }

  @Test
  void anOwnerOfAProjectGivesRolesThereAlone() {
    Roles owner = new Roles(Set.of(VIEWER), Map.of(ONE, Set.of(OWNER)));
    assertThat(refused(owner, new Roles(Set.of(VIEWER), Map.of(ONE, Set.of(OWNER, OPERATOR)))))
        .isEmpty();
    assertThat(
            refused(
                owner,
                new Roles(Set.of(OPERATOR), Map.of(ONE, Set.of(OWNER), TWO, Set.of(OPERATOR)))))
        .containsExactly("/roles", "/projectRoles/" + TWO);
  }

  @Test
  void somebodyWithoutARoleGivesNone() {
    assertThat(refused(new Roles(Set.of(), Map.of()), new Roles(Set.of(VIEWER), Map.of())))
        .containsExactly("/roles");
  }

  private static List<String> refused(Roles giver, Roles asked) {
    var violations = new Violations();
    RoleGrants.check(giver, asked, violations);
    return violations.list().stream().map(FieldError::pointer).toList();
  }
}
