package dev.gpucloud.tenant.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.contracts.event.TenantFact;
import dev.gpucloud.contracts.problem.FieldError;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class TenantRulesTest {
  @Test
  void acceptsOneOfEachKind() {
    assertThat(pointers(spec(TenantKind.GROUP, null, null, null, null))).isEmpty();
    assertThat(
            pointers(
                spec(
                    TenantKind.SUBSIDIARY,
                    null,
                    "sk-group",
                    BillingMode.COST_SHARE,
                    "000-00-00034")))
        .isEmpty();
    assertThat(
            pointers(
                spec(
                    TenantKind.EXTERNAL,
                    Segment.STARTUP,
                    null,
                    BillingMode.EXTERNAL,
                    "000-00-00048")))
        .isEmpty();
  }

  @Test
  void refusesAGroupWithParentSegmentAndBills() {
    assertThat(
            pointers(
                spec(TenantKind.GROUP, Segment.RESEARCH, "sk-group", BillingMode.EXTERNAL, null)))
        .containsExactly("/x/segment", "/x/parent", "/x/billingMode");
  }

  @Test
  void refusesASubsidiaryWithoutParentAndMode() {
    assertThat(pointers(spec(TenantKind.SUBSIDIARY, null, null, null, null)))
        .containsExactly("/x/parent", "/x/billingMode");
  }

  @Test
  void refusesACustomerWithoutSegmentAndNumber() {
    assertThat(pointers(spec(TenantKind.EXTERNAL, null, null, BillingMode.EXTERNAL, null)))
        .containsExactly("/x/segment", "/x/businessNumber");
  }

  @Test
  void billsNobodyByShowbackAndNeedsNoNumberForIt() {
    assertThat(pointers(spec(TenantKind.SUBSIDIARY, null, "sk-group", BillingMode.SHOWBACK, null)))
        .isEmpty();
  }

  @Test
  void refusesProgrammesWithoutABenefitOrWithAnImpossibleOne() {
    assertThat(pointers(programme(new TenantFact.Programme("p", null, null, null))))
        .containsExactly("/x/programme");
    assertThat(pointers(programme(new TenantFact.Programme(" ", 0L, 101, LocalDate.MAX))))
        .containsExactly(
            "/x/programme/name", "/x/programme/creditKrw", "/x/programme/customerSharePct");
    assertThat(pointers(programme(new TenantFact.Programme("p", 30_000_000L, 0, null)))).isEmpty();
  }

  @Test
  void refusesResidenciesThatMeanNothing() {
    assertThat(pointers(residency(new TenantFact.Residency(null, null))))
        .containsExactly("/x/residency");
    assertThat(pointers(residency(new TenantFact.Residency("kr", "secret"))))
        .containsExactly("/x/residency/country", "/x/residency/minCsapZone");
    assertThat(pointers(residency(new TenantFact.Residency("XX", null))))
        .containsExactly("/x/residency/country");
    assertThat(pointers(residency(new TenantFact.Residency("KR", "low")))).isEmpty();
  }

  @Test
  void refusesNamesThatCannotBePrinted() {
    var violations = new Violations();
    TenantRules.checkName("a\u0000b", "/name", violations);
    TenantRules.checkName(" ", "/name", violations);
    TenantRules.checkName("n".repeat(121), "/name", violations);
    TenantRules.checkName("SK 하이닉스", "/name", violations);
    assertThat(violations.count()).isEqualTo(3);
  }

  @Test
  void countsViolationsBeyondTheLimitWithoutListingThem() {
    var violations = new Violations();
    for (int i = 0; i < Violations.LIMIT + 5; i++) {
      violations.add("/" + i, "no");
    }
    assertThat(violations.count()).isEqualTo(Violations.LIMIT + 5);
    assertThat(violations.list()).hasSize(Violations.LIMIT);
  }

  private static List<String> pointers(TenantSpec spec) {
    var violations = new Violations();
    TenantRules.check(spec, "/x", violations);
    return violations.list().stream().map(FieldError::pointer).toList();
  }

  private static TenantSpec spec(
      TenantKind kind, Segment segment, String parent, BillingMode mode, String number) {
    return new TenantSpec("acme", "Acme", kind, segment, parent, mode, number, null, null);
  }

  private static TenantSpec programme(TenantFact.Programme programme) {
    return new TenantSpec(
        "acme", "Acme", TenantKind.GROUP, null, null, null, null, programme, null);
  }

  private static TenantSpec residency(TenantFact.Residency residency) {
    return new TenantSpec(
        "acme", "Acme", TenantKind.GROUP, null, null, null, null, null, residency);
  }
}
