package dev.gpucloud.tenant.onboarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpucloud.contracts.problem.FieldError;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.tenant.engine.MemberRole;
import dev.gpucloud.tenant.engine.Violations;
import jakarta.ws.rs.core.MediaType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeclarationReaderTest {
  private static final MediaType YAML = MediaType.valueOf("application/yaml");

  @Test
  void readsATenantWithEverything() {
    var read =
        read(
            """
            gpuModels: [{id: b200-sxm-180g}]
            sites: [{id: anywhere}]
            tenants:
              - slug: acme
                name: Acme
                kind: EXTERNAL
                segment: STARTUP
                billingMode: EXTERNAL
                businessNumber: "000-00-00048"
                quota: {b200-sxm-180g: 64}
                projects: [training, {slug: inference, costCenter: CC-1, labels: {team: a}}]
                members:
                  - {subject: s-1, username: kim, roles: [OWNER], projectRoles: {training: [VIEWER]}}
                programme: {name: startup-credit, creditKrw: 30000000, expires: 2027-03-31}
                residency: {country: KR, minCsapZone: low}
            """);

    assertThat(read.errors()).isEmpty();
    Declared acme = read.declared().getFirst();
    assertThat(acme.quotas()).isEqualTo(Map.of("b200-sxm-180g", Optional.of(64)));
    assertThat(acme.projects())
        .containsExactly(
            new Declared.Project("/tenants/0/projects/0", "training", null, null, null),
            new Declared.Project(
                "/tenants/0/projects/1", "inference", null, "CC-1", Map.of("team", "a")));
    assertThat(acme.members())
        .containsExactly(
            new Declared.Member(
                "/tenants/0/members/0",
                "s-1",
                "kim",
                Set.of(MemberRole.OWNER),
                Map.of("training", Set.of(MemberRole.VIEWER))));
    assertThat(acme.spec().programme().expires()).hasToString("2027-03-31");
  }

  @Test
  void findsEveryViolationAtOnce() {
    var read =
        read(
            """
            surprise: 1
            tenants:
              - {slug: Bad Slug, name: "", kind: PLANET, businessNumber: "000-00-00016"}
              - {slug: twin, name: Twin, kind: GROUP, colour: red}
              - {slug: twin, name: Twin, kind: GROUP}
              - slug: acme
                name: Acme
                kind: GROUP
                quota: {b200-sxm-180g: -1, "B 200": 1, h200: many}
                projects: [api, one, one, {slug: x/y}, 7]
                members: [{subject: s, username: u, roles: [KING]}, {username: u, roles: [OWNER]}]
            """);

    assertThat(read.errors().stream().map(FieldError::pointer))
        .containsExactly(
            "/surprise",
            "/tenants/0/kind",
            "/tenants/0/slug",
            "/tenants/0/name",
            "/tenants/0/businessNumber",
            "/tenants/1/colour",
            "/tenants/3/quota/b200-sxm-180g",
            "/tenants/3/quota/B 200",
            "/tenants/3/quota/h200",
            "/tenants/3/projects/0",
            "/tenants/3/projects/2",
            "/tenants/3/projects/3/slug",
            "/tenants/3/projects/4",
            "/tenants/3/members/0/roles/0",
            "/tenants/3/members/0/roles",
            "/tenants/3/members/1/subject",
            "/tenants/2/slug");
  }

  @Test
  void refusesQuotasForModelsTheDocumentDoesNotKnow() {
    var read =
        read(
            """
            gpuModels: [{id: b200-sxm-180g}]
            tenants: [{slug: acme, name: Acme, kind: GROUP, quota: {h200-sxm-141g: 8}}]
            """);
    assertThat(read.errors())
        .containsExactly(
            new FieldError(
                "/tenants/0/quota/h200-sxm-141g",
                "the document's gpuModels has no 'h200-sxm-141g'"));
  }

  @Test
  void refusesNumbersBeyondEveryRangeWithoutWrappingThem() {
    var read =
        read(
            """
            tenants:
              - {slug: acme, name: Acme, kind: GROUP, quota: {b200: 4294967304},
                 programme: {name: p, customerSharePct: 4294967296}}
            """);
    assertThat(read.errors().stream().map(FieldError::pointer))
        .containsExactlyInAnyOrder(
            "/tenants/0/quota/b200", "/tenants/0/programme/customerSharePct");
  }

  @Test
  void refusesADocumentWithoutTenants() {
    assertThat(read("currency: KRW").errors())
        .containsExactly(new FieldError("/tenants", "is required"));
    assertThat(read("[]").errors()).containsExactly(new FieldError("", "expected an object"));
  }

  @Test
  void refusesMoreTenantsThanAllowed() {
    var violations = new Violations();
    var document =
        Documents.parse("{\"tenants\":[{},{},{}]}".getBytes(StandardCharsets.UTF_8), null, 1 << 20);
    new DeclarationReader(violations).readDocument(document, 2);
    assertThat(violations.list())
        .containsExactly(new FieldError("/tenants", "expected at most 2 tenants in one document"));
  }

  @Test
  void saysWhereADocumentIsMalformed() {
    assertMalformed("{\"tenants\": [}", MediaType.APPLICATION_JSON_TYPE, "line 1, column");
    assertMalformed("tenants: [\n  {slug: a", YAML, "line");
    assertMalformed("{\"a\": 1, \"a\": 2}", MediaType.APPLICATION_JSON_TYPE, "line 1");
    assertMalformed("{} {}", MediaType.APPLICATION_JSON_TYPE, "line 1");
    assertMalformed("", MediaType.APPLICATION_JSON_TYPE, "empty");
  }

  private static void assertMalformed(String text, MediaType type, String detail) {
    assertThatThrownBy(() -> Documents.parse(text.getBytes(StandardCharsets.UTF_8), type, 1 << 20))
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> {
              assertThat(e.type()).isEqualTo(ProblemType.MALFORMED_BODY);
              assertThat(e.detail()).contains(detail);
            });
  }

  private record Read(List<Declared> declared, List<FieldError> errors) {}

  private static Read read(String yaml) {
    var violations = new Violations();
    var document = Documents.parse(yaml.getBytes(StandardCharsets.UTF_8), YAML, 1 << 20);
    var declared = new DeclarationReader(violations).readDocument(document, 100);
    return new Read(declared, violations.list());
  }
}
