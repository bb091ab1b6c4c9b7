package dev.gpucloud.kit.access;

import static dev.gpucloud.kit.access.TenantRole.BILLING_VIEWER;
import static dev.gpucloud.kit.access.TenantRole.OPERATOR;
import static dev.gpucloud.kit.access.TenantRole.OWNER;
import static dev.gpucloud.kit.access.TenantRole.VIEWER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.contracts.id.ApiKeyId;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.key.KeyActions;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class KeyGrantTest {
  private static final TenantId HERE = new TenantId(new UUID(0, 1));
  private static final TenantId ELSEWHERE = new TenantId(new UUID(0, 2));
  private static final ProjectId ONE = new ProjectId(new UUID(1, 1));
  private static final ProjectId OTHER = new ProjectId(new UUID(1, 2));

  private static KeyGrant key(Set<ProjectId> projects, TenantRole... roles) {
    return new KeyGrant(
        new ApiKeyId(new UUID(2, 1)), HERE, projects, Set.of(roles), KeyActions.ALL);
  }

  @Test
  void givesNothingThatTheHolderHasNot() {
    assertThat(key(Set.of(), OWNER, OPERATOR).limit(Set.of(VIEWER), HERE, null)).isEmpty();
    assertThat(key(Set.of(), OPERATOR, VIEWER).limit(Set.of(VIEWER), HERE, null))
        .containsExactly(VIEWER);
  }

  @Test
  void givesAPartOfWhatTheHolderHas() {
    assertThat(key(Set.of(), VIEWER).limit(Set.of(OWNER), HERE, null)).containsExactly(VIEWER);
    assertThat(key(Set.of(), VIEWER).limit(Set.of(OPERATOR), HERE, null)).containsExactly(VIEWER);
    assertThat(key(Set.of(), BILLING_VIEWER).limit(Set.of(OPERATOR), HERE, null)).isEmpty();
    assertThat(key(Set.of(), BILLING_VIEWER).limit(Set.of(OWNER), HERE, null))
        .containsExactly(BILLING_VIEWER);
  }

  @Test
  void givesNothingAtAnotherTenant() {
    assertThat(key(Set.of(), VIEWER).limit(Set.of(OWNER), ELSEWHERE, null)).isEmpty();
    assertThat(key(Set.of(), VIEWER).reaches(ELSEWHERE, null)).isFalse();
  }

  @Test
  void oneForProjectsGivesNothingBesideThem() {
    KeyGrant key = key(Set.of(ONE), VIEWER);

    assertThat(key.limit(Set.of(OWNER), HERE, ONE)).containsExactly(VIEWER);
    assertThat(key.limit(Set.of(OWNER), HERE, OTHER)).isEmpty();
    assertThat(key.limit(Set.of(OWNER), HERE, null)).isEmpty();
    assertThat(key.limit(Set.of(OWNER), ELSEWHERE, ONE)).isEmpty();
  }

  @Test
  void withoutAKeyEveryRoleStays() {
    Actor person = new Actor("kim", null);

    assertThat(person.limit(Set.of(OWNER), HERE, null)).containsExactly(OWNER);
    assertThat(person.reaches(ELSEWHERE, OTHER)).isTrue();
  }
}
