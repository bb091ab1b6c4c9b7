package dev.gpucloud.tenant;

import static dev.gpucloud.tenant.fixture.Api.admin;
import static dev.gpucloud.tenant.fixture.Api.as;
import static dev.gpucloud.tenant.fixture.Api.json;
import static dev.gpucloud.tenant.fixture.Api.refused;
import static dev.gpucloud.tenant.fixture.Api.slug;
import static dev.gpucloud.tenant.fixture.Api.withKey;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.tenant.fixture.BusinessNumbers;
import dev.gpucloud.tenant.fixture.Database;
import dev.gpucloud.tenant.fixture.TenantService;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@TenantService
class ImportIT {
  @Test
  void importsAWholeScenarioAndItsRepetitionChangesNothing() {
    String run = slug("s");
    String document = scenario(run);

    Response first = post(document);

    assertThat(first.statusCode()).describedAs(first.asString()).isEqualTo(200);
    assertThat(first.jsonPath().getInt("tenants.created")).isEqualTo(3);
    assertThat(first.jsonPath().getInt("projects.created")).isEqualTo(3);
    assertThat(first.jsonPath().getInt("quotas.created")).isEqualTo(3);
    assertThat(first.jsonPath().getInt("members.created")).isEqualTo(1);
    long events = Database.changes();

    Response second = post(document);

    for (String part : new String[] {"tenants", "projects", "quotas", "members"}) {
      assertThat(second.jsonPath().getInt(part + ".created")).isZero();
      assertThat(second.jsonPath().getInt(part + ".updated")).isZero();
      assertThat(second.jsonPath().getInt(part + ".unchanged"))
          .isEqualTo(first.jsonPath().getInt(part + ".created"));
    }
    assertThat(Database.changes()).isEqualTo(events);
  }

  @Test
  void changesOnlyWhatIsDeclaredAnew() {
    String run = slug("c");
    post(scenario(run));
    long events = Database.changes();

    Response answer = post(scenario(run).replace("SK hynix", "SK hynix Inc."));

    assertThat(answer.jsonPath().getInt("tenants.updated")).isEqualTo(1);
    assertThat(Database.changes()).isEqualTo(events + 1);
    Response shown = admin().get("/admin/tenants/" + run + "-hynix");
    assertThat(shown.jsonPath().getString("name")).isEqualTo("SK hynix Inc.");
    assertThat(shown.header("ETag")).isEqualTo("\"2\"");
  }

  @Test
  void keepsNothingOfADocumentWithOneMistake() {
    String run = slug("n");
    long events = Database.changes();
    String document = scenario(run).replace(BusinessNumbers.of(run + "-univ"), "000-00-00054");

    Response answer = refused(post(document), 400, "VALIDATION_FAILED");

    assertThat(answer.jsonPath().getList("errors.pointer"))
        .containsExactly("/tenants/2/businessNumber");
    refused(admin().get("/admin/tenants/" + run + "-group"), 404, "NOT_FOUND");
    assertThat(Database.changes()).isEqualTo(events);
  }

  @Test
  void reportsMistakesOfEveryKindAtOnce() {
    String run = slug("m");
    Response answer =
        refused(
            post(
                """
                tenants:
                  - {slug: %1$s-a, name: A, kind: SUBSIDIARY, parent: %1$s-b, billingMode: SHOWBACK}
                  - {slug: %1$s-b, name: B, kind: SUBSIDIARY, parent: %1$s-a, billingMode: SHOWBACK}
                  - {slug: %1$s-c, name: C, kind: GROUP, quota: {b200: 8}, surprise: 1}
                  - {slug: %1$s-d, name: D, kind: SUBSIDIARY, parent: %1$s-c, billingMode: SHOWBACK,
                     quota: {b200: 9}}
                  - {slug: %1$s-d, name: D, kind: GROUP}
                """
                    .formatted(run)),
            400,
            "VALIDATION_FAILED");
    assertThat(answer.jsonPath().getList("errors.pointer"))
        .containsExactlyInAnyOrder(
            "/tenants/0/parent",
            "/tenants/1/parent",
            "/tenants/2/surprise",
            "/tenants/3/quota/b200",
            "/tenants/4/slug");
  }

  @Test
  void checksForRealAndKeepsNothingWhenAskedTo() {
    String run = slug("v");
    Response answer =
        admin()
            .queryParam("validateOnly", true)
            .contentType("application/yaml")
            .body(bytes(scenario(run)))
            .post("/admin/imports/tenants");
    assertThat(answer.statusCode()).describedAs(answer.asString()).isEqualTo(200);
    assertThat(answer.jsonPath().getBoolean("validateOnly")).isTrue();
    assertThat(answer.jsonPath().getInt("tenants.created")).isEqualTo(3);
    refused(admin().get("/admin/tenants/" + run + "-group"), 404, "NOT_FOUND");
    assertThat(Database.number("select count(*) from outbox where events like '%" + run + "%'"))
        .isZero();
  }

  @Test
  void readsJsonAsWellAndReplaysAKey() {
    String run = slug("j");
    String key = UUID.randomUUID().toString();
    String document =
        "{\"tenants\":[{\"slug\":\"%s\",\"name\":\"J\",\"kind\":\"GROUP\"}]}".formatted(run);
    for (String replayed : new String[] {null, "true"}) {
      Response answer =
          admin()
              .header("Idempotency-Key", key)
              .contentType("application/json")
              .body(document)
              .post("/admin/imports/tenants");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.jsonPath().getInt("tenants.created")).isEqualTo(1);
      assertThat(answer.header("Idempotency-Replayed")).isEqualTo(replayed);
    }
  }

  @Test
  void createsEachTenantOnceWhenTheSameDocumentComesTwiceAtOnce() {
    String document = scenario(slug("w"));
    List<Response> answers =
        Stream.generate(() -> CompletableFuture.supplyAsync(() -> post(document)))
            .limit(4)
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .toList();
    assertThat(answers).allSatisfy(a -> assertThat(a.statusCode()).isEqualTo(200));
    assertThat(answers.stream().map(a -> a.jsonPath().getInt("tenants.created")))
        .containsOnly(0, 3)
        .containsOnlyOnce(3);
  }

  @Test
  void refusesDocumentsOverTheLimit() {
    refused(post("# " + "x".repeat(4 * 1024 * 1024)), 413, "BODY_TOO_LARGE");
  }

  @Test
  void isForPlatformAdminsAlone() {
    refused(
        as("a-finance", "finance")
            .contentType("application/yaml")
            .body(bytes("tenants: []"))
            .post("/admin/imports/tenants"),
        403,
        "FORBIDDEN");
  }

  @Test
  void givesNoProgrammeThatIsOverAndLeavesOneThatRanOut() {
    String run = slug("p");
    String share = "programme: {name: national-gpu-grant, customerSharePct: 0}";
    LocalDate today = LocalDate.now(ZoneId.of("Asia/Seoul"));
    String credit = "programme: {name: startup, creditKrw: 1000, expires: %s}";
    String expired = scenario(run).replace(share, credit.formatted(today.minusDays(1)));

    Response refused = refused(post(expired), 400, "VALIDATION_FAILED");
    assertThat(refused.jsonPath().getString("errors[0].pointer"))
        .isEqualTo("/tenants/2/programme/expires");
    assertThat(refused.jsonPath().getString("errors[0].detail"))
        .isEqualTo("expected a day from " + today);

    post(scenario(run).replace(share, credit.formatted(today))).then().statusCode(200);
    Database.change(
        "update tenant set programme_expires = '%s' where slug = '%s-univ'"
            .formatted(today.minusDays(1), run));
    Response again = post(expired.replace("Daehan University", "Daehan University of Seoul"));
    assertThat(again.statusCode()).describedAs(again.asString()).isEqualTo(200);
    assertThat(again.jsonPath().getInt("tenants.updated")).isEqualTo(1);
  }

  @Test
  void givesNoTenantAProgrammeThatIsOver() {
    String run = slug("q");
    LocalDate yesterday = LocalDate.now(ZoneId.of("Asia/Seoul")).minusDays(1);
    String programme =
        "'programme': {'name': 'startup', 'creditKrw': 1000, 'expires': '%s'}".formatted(yesterday);
    String tenant = "{'slug': '%s-one', 'name': 'One', 'kind': 'GROUP'%s}";

    Response opened =
        json(withKey(admin()), tenant.formatted(run, ", " + programme)).post("/admin/tenants");
    json(withKey(admin()), tenant.formatted(run, "")).post("/admin/tenants").then().statusCode(201);
    Response edited =
        json(admin().header("If-Match", "*"), "{" + programme + "}")
            .patch("/admin/tenants/" + run + "-one");

    for (Response answer : List.of(opened, edited)) {
      refused(answer, 400, "VALIDATION_FAILED");
      assertThat(answer.jsonPath().getList("errors.pointer")).containsExactly("/programme/expires");
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Response post(String yaml) {
    return admin().contentType("application/yaml").body(bytes(yaml)).post("/admin/imports/tenants");
  }

  /** Has a section for another service too, and a child before its parent. */
  private static String scenario(String run) {
    return """
        currency: KRW
        gpuModels: [{id: b200-sxm-180g}, {id: rtxpro6000-96g}]
        tenants:
          - slug: %1$s-hynix
            name: SK hynix
            kind: SUBSIDIARY
            parent: %1$s-group
            billingMode: GROUP_SERVICE
            businessNumber: "%2$s"
            quota: {b200-sxm-180g: 4096, rtxpro6000-96g: 1024}
            projects: [fab-digital-twin, physicsnemo-design]
            members: [{subject: %1$s-kim, username: kim, roles: [OWNER]}]
          - {slug: %1$s-group, name: SK Group, kind: GROUP}
          - slug: %1$s-univ
            name: Daehan University (example)
            kind: EXTERNAL
            segment: ACADEMIA
            billingMode: EXTERNAL
            businessNumber: "%3$s"
            quota: {b200-sxm-180g: 128}
            projects: [korean-llm]
            programme: {name: national-gpu-grant, customerSharePct: 0}
            residency: {country: KR, minCsapZone: low}
        """
        .formatted(run, BusinessNumbers.of(run + "-hynix"), BusinessNumbers.of(run + "-univ"));
  }
}
