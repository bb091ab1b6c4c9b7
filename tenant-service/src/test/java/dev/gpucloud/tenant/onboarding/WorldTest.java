package dev.gpucloud.tenant.onboarding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.contracts.problem.FieldError;
import dev.gpucloud.tenant.engine.BillingMode;
import dev.gpucloud.tenant.engine.QuotaTerms;
import dev.gpucloud.tenant.engine.Segment;
import dev.gpucloud.tenant.engine.TenantKind;
import dev.gpucloud.tenant.engine.TenantSpec;
import dev.gpucloud.tenant.engine.TenantState;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.quotas.QuotaEntity;
import dev.gpucloud.tenant.quotas.QuotaScope;
import dev.gpucloud.tenant.tenants.TenantEntity;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorldTest {
  private static final Instant NOW = Instant.parse("2026-11-02T00:00:00Z");
  private final TenantEntity group = tenant("sk-group", TenantKind.GROUP, null);
  private final TenantEntity company = tenant("sk-hynix", TenantKind.SUBSIDIARY, group);
  private final List<QuotaEntity> quotas = new ArrayList<>();

  @Test
  void acceptsWhatFits() {
    quotas.add(QuotaEntity.of(QuotaScope.of(group.id()), "b200", QuotaTerms.limit(100), NOW));
    assertThat(
            errors(
                "[{slug: sk-hynix, name: n, kind: SUBSIDIARY, parent: sk-group,"
                    + " billingMode: SHOWBACK, quota: {b200: 100}}]"))
        .isEmpty();
  }

  @Test
  void refusesParentsThatAreUnknownOrMakeACycle() {
    assertThat(
            errors(
                """
                [{slug: lost, name: n, kind: SUBSIDIARY, parent: nowhere, billingMode: SHOWBACK},
                 {slug: sk-hynix, name: n, kind: SUBSIDIARY, parent: fab, billingMode: SHOWBACK},
                 {slug: fab, name: n, kind: SUBSIDIARY, parent: sk-hynix, billingMode: SHOWBACK}]
                """))
        .extracting(FieldError::pointer)
        .containsExactlyInAnyOrder("/tenants/0/parent", "/tenants/1/parent", "/tenants/2/parent");
  }

  @Test
  void refusesAMoveThatPushesATenantBelowTooDeep() {
    TenantEntity division = tenant("fab", TenantKind.SUBSIDIARY, company);
    var errors =
        errors(
            List.of(group, company, division, tenant("sk-telecom", TenantKind.SUBSIDIARY, group)),
            "[{slug: sk-hynix, name: n, kind: SUBSIDIARY, parent: sk-telecom,"
                + " billingMode: SHOWBACK}]");
    assertThat(errors)
        .containsExactly(
            new FieldError("/tenants/0/parent", "at most 3 levels: group, subsidiary, division"));
  }

  @Test
  void refusesAnotherKind() {
    assertThat(errors("[{slug: sk-hynix, name: n, kind: GROUP}]"))
        .containsExactly(new FieldError("/tenants/0/kind", "it is SUBSIDIARY and cannot change"));
  }

  @Test
  void refusesAClosedTenant() {
    company.enter(TenantState.CLOSED, "gone", NOW);
    assertThat(
            errors(
                "[{slug: sk-hynix, name: n, kind: SUBSIDIARY, parent: sk-group,"
                    + " billingMode: SHOWBACK}]"))
        .containsExactly(new FieldError("/tenants/0", "the tenant is CLOSED"));
  }

  @Test
  void refusesAQuotaAboveTheParentsAndAParentsBelowIts() {
    quotas.add(QuotaEntity.of(QuotaScope.of(group.id()), "b200", QuotaTerms.limit(100), NOW));
    quotas.add(QuotaEntity.of(QuotaScope.of(company.id()), "h200", QuotaTerms.limit(50), NOW));
    assertThat(
            errors(
                """
                [{slug: sk-group, name: n, kind: GROUP, quota: {h200: 49}},
                 {slug: sk-hynix, name: n, kind: SUBSIDIARY, parent: sk-group,
                  billingMode: SHOWBACK, quota: {b200: 101}}]
                """))
        .containsExactlyInAnyOrder(
            new FieldError(
                "/tenants/1/quota/b200",
                "101 GPUs of b200 for 'sk-hynix' are above the 100 of 'sk-group'"),
            new FieldError(
                "/tenants/0/quota/h200",
                "50 GPUs of h200 for 'sk-hynix' are above the 49 of 'sk-group'"));
  }

  @Test
  void refusesRolesAtProjectsTheTenantHasNot() {
    assertThat(
            errors(
                """
                [{slug: sk-group, name: n, kind: GROUP, projects: [here],
                  members: [{subject: s, username: u,
                             projectRoles: {here: [VIEWER], there: [VIEWER]}}]}]
                """))
        .containsExactly(
            new FieldError(
                "/tenants/0/members/0/projectRoles/there", "the tenant has no project 'there'"));
  }

  private List<FieldError> errors(String tenants) {
    return errors(List.of(group, company), tenants);
  }

  private List<FieldError> errors(List<TenantEntity> existing, String tenants) {
    var violations = new Violations();
    var document =
        Documents.parse(
            ("{tenants: " + tenants + "}").getBytes(StandardCharsets.UTF_8),
            jakarta.ws.rs.core.MediaType.valueOf("application/yaml"),
            1 << 20);
    var declared = new DeclarationReader(violations).readDocument(document, 100);
    assertThat(violations.list()).isEmpty();
    World.of(existing, quotas, List.of()).check(declared, violations);
    return violations.list();
  }

  private static TenantEntity tenant(String slug, TenantKind kind, TenantEntity parent) {
    var spec =
        new TenantSpec(
            slug,
            slug,
            kind,
            kind == TenantKind.EXTERNAL ? Segment.STARTUP : null,
            parent == null ? null : parent.slug(),
            BillingMode.SHOWBACK,
            null,
            null,
            null);
    return TenantEntity.open(spec, parent == null ? null : parent.uuid(), NOW);
  }
}
