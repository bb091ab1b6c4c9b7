package dev.gpucloud.gateway.events.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpucloud.contracts.event.EventTypes;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScopeTest {
  private static final String A = "ten_a";
  private static final String P = "prj_p";

  @ParameterizedTest
  @CsvSource({
    "OWNER, instance.started, true",
    "OWNER, invoice.issued, true",
    "OWNER, api-key.revoked, true",
    "OWNER, price.published, false",
    "OPERATOR, instance.started, true",
    "OPERATOR, membership.set, true",
    "OPERATOR, invoice.issued, false",
    "OPERATOR, api-key.revoked, false",
    "VIEWER, instance.started, true",
    "VIEWER, credit.granted, false",
    "BILLING_VIEWER, credit.withdrawn, true",
    "BILLING_VIEWER, invoice.issued, true",
    "BILLING_VIEWER, budget.set, true",
    "BILLING_VIEWER, spend-budget.reached, true",
    "VIEWER, spend-budget.reached, false",
    "BILLING_VIEWER, instance.started, false",
    "BILLING_VIEWER, membership.set, false"
  })
  void hearsWhatItsRolesOpenAtTheirTenantAlone(Role role, String type, boolean hears) {
    Scope scope = scope(new Reach(Set.of(role), Map.of()), null);

    assertThat(scope.hears(type, A, P)).isEqualTo(hears);
    assertThat(scope.hears(type, A, null)).isEqualTo(hears);
    assertThat(scope.hears(type, "ten_b", P)).isFalse();
  }

  @Test
  void aRoleAtAProjectOpensThatProject() {
    Scope scope = scope(new Reach(Set.of(), Map.of(P, Set.of(Role.OPERATOR))), null);

    assertThat(scope.hears("instance.started", A, P)).isTrue();
    assertThat(scope.hears("instance.started", A, "prj_q")).isFalse();
    assertThat(scope.hears("tenant.updated", A, null)).isFalse();
    assertThat(scope.hears("invoice.issued", A, P)).isFalse();
  }

  @Test
  void aKeyLeavesWhatItNames() {
    Reach owner = new Reach(Set.of(Role.OWNER), Map.of());
    Scope viewer = scope(owner, new KeyLimit(A, Set.of(), Set.of(Role.VIEWER)));
    Scope ofProject = scope(owner, new KeyLimit(A, Set.of(P), Set.of(Role.VIEWER)));
    Scope elsewhere = scope(owner, new KeyLimit("ten_b", Set.of(), Set.of(Role.OWNER)));

    assertThat(viewer.hears("instance.started", A, P)).isTrue();
    assertThat(viewer.hears("invoice.issued", A, null)).isFalse();
    assertThat(ofProject.hears("instance.started", A, P)).isTrue();
    assertThat(ofProject.hears("instance.started", A, "prj_q")).isFalse();
    assertThat(ofProject.hears("tenant.updated", A, null)).isFalse();
    assertThat(elsewhere.hears("instance.started", A, P)).isFalse();
  }

  @Test
  void aKeyGivesNothingThatItsHolderHasNot() {
    Scope scope =
        scope(
            new Reach(Set.of(Role.VIEWER), Map.of()),
            new KeyLimit(A, Set.of(), Set.of(Role.values())));

    assertThat(scope.hears("instance.started", A, P)).isTrue();
    assertThat(scope.hears("invoice.issued", A, null)).isFalse();
  }

  @Test
  void whoPaysHearsOfInvoicesOfPartsAndOfNotesOnThem() {
    Scope paying = scope(new Reach(Set.of(Role.BILLING_VIEWER), Map.of()), null);
    Scope working = scope(new Reach(Set.of(Role.OPERATOR), Map.of()), null);

    for (String type :
        new String[] {
          "invoice.issued", "invoice-part.issued", "invoice-note.issued", "invoice-part-note.issued"
        }) {
      assertThat(paying.hears(type, A, null)).isTrue();
      assertThat(working.hears(type, A, null)).isFalse();
    }
  }

  @Test
  void nobodyHearsAnythingBeforeItIsKnownWhoTheyAre() {
    assertThat(Scope.nothing().hears("instance.started", A, P)).isFalse();
  }

  @Test
  void everyTypeThatMayBeAskedForIsHeardByTheOwnersOfATenant() {
    Scope owner = scope(new Reach(Set.of(Role.OWNER), Map.of()), null);

    assertThat(EventTypes.OF_TENANTS).allMatch(type -> owner.hears(type, A, null));
  }

  @Test
  void wantsTypesFamiliesAndOneProject() {
    Filter filter = new Filter(Filter.types("instance.*,invoice.issued"), P);

    assertThat(filter.wants("instance.started", P)).isTrue();
    assertThat(filter.wants("invoice.issued", P)).isTrue();
    assertThat(filter.wants("invoice.overdue", P)).isFalse();
    assertThat(filter.wants("instance.started", "prj_q")).isFalse();
    assertThat(filter.wants("instance.started", null)).isFalse();
    assertThat(new Filter(Set.of(), null).wants("tenant.updated", null)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "instance",
        "*",
        "instance.",
        "instance.*.x",
        "instance.started,",
        "Instance.started",
        "instance.started\n",
        "nonsense",
        "nonsense.*",
        "instance.nonsense",
        "price.published"
      })
  void refusesWhatIsNoType(String types) {
    assertThatThrownBy(() -> Filter.types(types)).isInstanceOf(IllegalArgumentException.class);
  }

  private static Scope scope(Reach reach, KeyLimit key) {
    return new Scope(false, Map.of(A, reach), key);
  }
}
