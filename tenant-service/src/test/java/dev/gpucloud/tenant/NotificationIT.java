package dev.gpucloud.tenant;

import static dev.gpucloud.tenant.fixture.Api.admin;
import static dev.gpucloud.tenant.fixture.Api.as;
import static dev.gpucloud.tenant.fixture.Api.await;
import static dev.gpucloud.tenant.fixture.Api.json;
import static dev.gpucloud.tenant.fixture.Api.openTenant;
import static dev.gpucloud.tenant.fixture.Api.refused;
import static dev.gpucloud.tenant.fixture.Api.slug;
import static dev.gpucloud.tenant.fixture.Api.withEmail;
import static dev.gpucloud.tenant.fixture.Api.withKey;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.tenant.fixture.Api.Tenant;
import dev.gpucloud.tenant.fixture.Database;
import dev.gpucloud.tenant.fixture.Mailbox;
import dev.gpucloud.tenant.fixture.Receiver;
import dev.gpucloud.tenant.fixture.Runs;
import dev.gpucloud.tenant.fixture.TenantService;
import dev.gpucloud.testsupport.TestDatabase;
import dev.gpucloud.testsupport.TestKafka;
import io.restassured.response.Response;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What people are told, until it lies in their mailbox. */
@TenantService
class NotificationIT {
  @Test
  void bringsAnInvitationWithItsLinkAndForgetsTheLink() throws Exception {
    Tenant tenant = openTenant("noteinv");
    String email = tenant.slug() + "@example.com";
    Response invited =
        json(withKey(tenant.as("owner")), "{'email': '%s', 'roles': ['VIEWER']}".formatted(email))
            .post("/tenants/" + tenant.slug() + "/invitations");
    String token = invited.jsonPath().getString("token");

    MimeMessage mail = Mailbox.OF_SERVICE.await(email);

    assertThat(mail.getSubject())
        .isEqualTo("GPU 클라우드의 Tenant %s에 초대되었습니다".formatted(tenant.slug()));
    assertThat(Mailbox.text(mail))
        .contains("https://console.example/invitations#token=" + token + "\n")
        .contains("gpucloud invitations accept " + token);
    await(() -> state(tenant).equals("SENT"));
    assertThat(
            Database.number(
                "select count(*) from notification_dispatch where sealed is not null and recipient = '"
                    + email
                    + "'"))
        .isZero();
    Response list = tenant.as("owner").get(path(tenant));
    assertThat(list.asString()).doesNotContain(token);
    assertThat(list.jsonPath().getString("items[0].kind")).isEqualTo("invitation.sent");
    assertThat(list.jsonPath().getString("items[0].details.inviter"))
        .isEqualTo(tenant.slug() + "-owner");
    assertThat(list.jsonPath().getString("items[0].dispatches[0].recipient")).isEqualTo(email);
    assertThat(
            json(withEmail("new-" + tenant.slug(), email, true), "{'token': '%s'}".formatted(token))
                .post("/invitations/accept")
                .statusCode())
        .isEqualTo(200);
    assertThat(
            Database.text(
                "select email from person_address where subject = 'new-%s'"
                    .formatted(tenant.slug())))
        .isEqualTo(email);
  }

  @Test
  void tellsOwnersAndWhoPaysOfEveryStepOfATenantsLifeInTheirLanguage() {
    Tenant tenant = openTenant("notelife");
    String owner = known(tenant, "owner");
    String billing = known(tenant, "billing");
    String contact = "ap-" + tenant.slug() + "@example.com";
    json(
            tenant.as("owner").header("If-Match", "\"1\""),
            "{'contacts': {'billing': {'email': '%s'}}}".formatted(contact))
        .patch("/tenants/" + tenant.slug());
    Response chosen =
        json(tenant.as("owner").header("If-Match", "\"0\""), "{'language': 'EN'}")
            .put("/tenants/" + tenant.slug() + "/notification-settings");
    assertThat(chosen.statusCode()).describedAs(chosen.asString()).isEqualTo(200);

    move(tenant, 2, "suspend", "{'reason': 'Overdue <again>.'}");

    MimeMessage mail = Mailbox.OF_SERVICE.await(owner);
    assertThat(Mailbox.subject(mail)).isEqualTo("Tenant %s is suspended".formatted(tenant.slug()));
    assertThat(Mailbox.text(mail)).contains("Reason: Overdue <again>.");
    Mailbox.OF_SERVICE.await(billing);
    Mailbox.OF_SERVICE.await(contact);
    move(tenant, 3, "resume", "{}");
    move(tenant, 4, "close", "{'reason': 'Sold.'}");
    await(() -> Mailbox.OF_SERVICE.of(owner).size() >= 3);
    assertThat(Mailbox.OF_SERVICE.of(owner).stream().map(Mailbox::subject))
        .contains(
            "Tenant %s is active again".formatted(tenant.slug()),
            "Tenant %s is being closed".formatted(tenant.slug()));
    assertThat(
            tenant
                .as("owner")
                .get(path(tenant) + "?kind=tenant.resumed")
                .jsonPath()
                .getList("items.title"))
        .containsExactly("Tenant %s is active again".formatted(tenant.slug()));
  }

  @Test
  void tellsWhoIsBelowASuspendedTenantWhenThatDecidesWhetherAnythingStarts() {
    Tenant group = houseOf(slug("notehouse"));
    Tenant company = new Tenant("", group.slug() + "-a");
    Tenant division = new Tenant("", group.slug() + "-b");
    String operator = known(company, "operator");
    String owner = known(division, "owner");
    assertThat(
            division.as("owner").get("/tenants/" + division.slug()).jsonPath().getString("parent"))
        .isEqualTo(company.slug());

    move(group, 1, "suspend", "{'reason': 'Overdue.'}");

    assertThat(Mailbox.subject(Mailbox.OF_SERVICE.await(operator)))
        .isEqualTo("Company에서 새로 시작할 수 없습니다: House 이용 정지");
    assertThat(Mailbox.text(Mailbox.OF_SERVICE.await(owner))).doesNotContain("Overdue");
    move(company, 1, "suspend", "{'reason': 'Its own.'}");
    assertThat(told(division, "suspended-above")).isEqualTo(1);
    move(group, 2, "resume", "{}");
    assertThat(told(company, "resumed-above")).isZero();
    assertThat(told(division, "resumed-above")).isZero();
    move(company, 2, "resume", "{}");
    assertThat(told(division, "resumed-above")).isEqualTo(1);
    move(company, 3, "suspend", "{'reason': 'Its own.'}");
    assertThat(told(division, "suspended-above")).isEqualTo(2);
    move(group, 3, "suspend", "{'reason': 'Overdue.'}");
    assertThat(told(division, "suspended-above")).isEqualTo(2);
    assertThat(told(company, "suspended-above")).isEqualTo(1);
  }

  /** A group with a company, which has a division. */
  private static Tenant houseOf(String slug) {
    Response made =
        json(
                withKey(admin()),
                """
                {'tenants': [
                  {'slug': '%1$s', 'name': 'House', 'kind': 'GROUP'},
                  {'slug': '%1$s-a', 'name': 'Company', 'kind': 'SUBSIDIARY', 'parent': '%1$s',
                   'billingMode': 'SHOWBACK', 'members': [
                     {'subject': '%1$s-a-owner', 'username': 'o', 'roles': ['OWNER']},
                     {'subject': '%1$s-a-operator', 'username': 'p', 'roles': ['OPERATOR']}]},
                  {'slug': '%1$s-b', 'name': 'Division', 'kind': 'SUBSIDIARY', 'parent': '%1$s-a',
                   'billingMode': 'SHOWBACK', 'members': [
                     {'subject': '%1$s-b-owner', 'username': 'o', 'roles': ['OWNER']}]}]}"""
                    .formatted(slug))
            .post("/admin/imports/tenants");
    assertThat(made.statusCode()).describedAs(made.asString()).isEqualTo(200);
    return new Tenant("", slug);
  }

  private static int told(Tenant tenant, String kind) {
    Response list = tenant.as("owner").get(path(tenant) + "?kind=tenant." + kind);
    assertThat(list.statusCode()).describedAs(list.asString()).isEqualTo(200);
    return list.jsonPath().getList("items").size();
  }

  @Test
  void tellsWhoRunsTheCloudOfANewApplicationByMailAndWebhook() throws Exception {
    String slug = slug("newapply");
    String platform = "/tenants/the-cloud/webhooks";
    Response opened =
        json(
                withKey(admin()),
                """
                {'slug': 'the-cloud', 'name': 'The cloud', 'kind': 'GROUP',
                 'members': [{'subject': 'the-cloud-owner', 'username': 'o', 'roles': ['OWNER']}]}""")
            .post("/admin/tenants");
    assertThat(opened.statusCode()).describedAs(opened.asString()).isIn(201, 409);
    try (var receiver = new Receiver()) {
      Response hook =
          json(
                  withKey(as("the-cloud-owner")),
                  "{'url': '%s', 'kinds': ['application.submitted']}".formatted(receiver.url()))
              .post(platform);
      assertThat(hook.statusCode()).describedAs(hook.asString()).isEqualTo(201);

      Response applied =
          json(
                  withKey(withEmail("who-" + slug, slug + "@example.com", true)),
                  """
                  {'slug': '%1$s', 'name': 'Ours %1$s', 'kind': 'EXTERNAL', 'segment': 'STARTUP',
                   'billingMode': 'EXTERNAL', 'businessNumber': '000-00-00048',
                   'purpose': 'Robots.', 'contacts': {'billing': {'email': 'b@example.com'}}}"""
                      .formatted(slug))
              .post("/tenant-applications");
      assertThat(applied.statusCode()).describedAs(applied.asString()).isEqualTo(201);

      await(
          () ->
              receiver.messages().stream()
                  .anyMatch(
                      message ->
                          message.body().contains("\"application.submitted\"")
                              && message.body().contains(slug + "@example.com")));
      await(
          () ->
              Mailbox.OF_SERVICE.of("platform@cloud.example").stream()
                  .anyMatch(
                      mail ->
                          Mailbox.subject(mail).equals("새 신청: Ours " + slug)
                              && Mailbox.text(mail)
                                  .contains(
                                      "gpucloud applications show --all "
                                          + applied.jsonPath().getString("id"))));
      as("the-cloud-owner")
          .header("If-Match", hook.header("ETag"))
          .delete(platform + "/" + hook.jsonPath().getString("id"));
    }
  }

  @Test
  void tellsAnApplicantWhoHasNoTenant() {
    String slug = slug("noteapply");
    String email = slug + "@example.com";
    Response applied =
        json(
                withKey(withEmail("who-" + slug, email, true)),
                """
                {'slug': '%1$s', 'name': 'Ours %1$s', 'kind': 'EXTERNAL', 'segment': 'STARTUP',
                 'billingMode': 'EXTERNAL', 'businessNumber': '000-00-00048', 'project': 'main',
                 'contacts': {'billing': {'email': 'b@example.com'}}}"""
                    .formatted(slug))
            .post("/tenant-applications");
    assertThat(applied.statusCode()).describedAs(applied.asString()).isEqualTo(201);
    assertThat(Mailbox.subject(Mailbox.OF_SERVICE.await(email)))
        .isEqualTo("Ours %s 신청이 접수되었습니다".formatted(slug));

    Response rejected =
        json(admin().header("If-Match", "\"1\""), "{'note': 'Not now.'}")
            .post("/admin/tenant-applications/" + applied.jsonPath().getString("id") + "/reject");

    assertThat(rejected.statusCode()).describedAs(rejected.asString()).isEqualTo(200);
    await(() -> Mailbox.OF_SERVICE.of(email).size() == 2);
    assertThat(Mailbox.OF_SERVICE.of(email).stream().map(Mailbox::text))
        .anyMatch(text -> text.contains("Not now."));
  }

  @Test
  void tellsOfKeysOnceWhenTheyAreMadeAndOnceWhenTheyEndSoon() {
    Tenant tenant = openTenant("notekey");
    String viewer = known(tenant, "viewer");
    String owner = known(tenant, "owner");
    Response made =
        json(withKey(tenant.as("viewer")), "{'name': 'night', 'roles': ['VIEWER']}")
            .post("/tenants/" + tenant.slug() + "/api-keys");
    assertThat(Mailbox.subject(Mailbox.OF_SERVICE.await(viewer))).isEqualTo("새 API 키: night");
    Mailbox.OF_SERVICE.await(owner);

    TestDatabase.update(
        """
        update api_key set created_at = now() - interval '60 days',
          expires_at = now() + interval '6 days' where key_id = '%s'"""
            .formatted(made.jsonPath().getString("id").substring(4)));

    await(() -> Mailbox.OF_SERVICE.of(viewer).size() == 2);
    Response own = tenant.as("viewer").get(path(tenant));
    assertThat(own.jsonPath().getList("items.kind"))
        .containsExactly("api-key.expiring", "api-key.created");
    assertThat(own.jsonPath().getList("items.dispatches.flatten().recipient"))
        .containsOnly(tenant.slug() + "-viewer");
    assertThat(tenant.as("operator").get(path(tenant)).jsonPath().getList("items")).isEmpty();
    assertThat(Mailbox.OF_SERVICE.of(owner)).hasSize(1);
  }

  @Test
  void tellsWhoPaysOfInvoicesAndOwnersToo() {
    Tenant tenant = openTenant("noteinvoice");
    String billing = known(tenant, "billing");
    String owner = known(tenant, "owner");
    String invoice = "inv_" + UUID.randomUUID();
    String fact =
        """
        {"invoiceId":"%s","tenantId":"%s","number":"2026-11-000123","month":"2026-11",\
        "totalKrw":1710720,"openKrw":1710720,"dueOn":"2027-01-02",%s"at":"2026-12-03T01:00:00Z"}""";
    TestKafka.send(
        TestKafka.Event.of(
            "billing-service",
            Topics.INVOICES,
            invoice,
            "invoice.issued",
            tenant.id(),
            1,
            fact.formatted(invoice, tenant.id(), "")));
    assertThat(Mailbox.subject(Mailbox.OF_SERVICE.await(billing)))
        .isEqualTo("2026-11 청구서 2026-11-000123: 1,710,720원");
    TestKafka.send(
        TestKafka.Event.of(
            "billing-service",
            Topics.INVOICES,
            invoice,
            "invoice.overdue",
            tenant.id(),
            2,
            fact.formatted(invoice, tenant.id(), "\"step\":\"REMINDER\",\"daysLate\":1,")));

    assertThat(Mailbox.subject(Mailbox.OF_SERVICE.await(owner)))
        .isEqualTo("청구서 2026-11-000123의 납부가 1일 늦었습니다");
    await(() -> Mailbox.OF_SERVICE.of(billing).size() == 2);
    assertThat(Mailbox.OF_SERVICE.of(billing).stream().map(Mailbox::text))
        .anyMatch(text -> text.contains("납부 기한 2027-01-02, 납부하실 금액 1,710,720원."));
  }

  @Test
  void tellsOfAStatementThatItHasNoVat() {
    Tenant tenant = openTenant("notestatement");
    String billing = known(tenant, "billing");
    String id = UUID.randomUUID().toString();
    String at = "\"at\":\"2026-12-03T01:00:00Z\",\"mode\":\"%s\"}";
    String invoice =
        "{\"invoiceId\":\"inv_%s\",\"tenantId\":\"%s\",\"number\":\"2026-11-000126\",\"month\":\"2026-11\",\"totalKrw\":7920,\"openKrw\":0,"
            .formatted(id, tenant.id());
    String note =
        "{\"noteId\":\"nte_%s\",\"noteNumber\":\"2026-11-000126-C01\",\"correctsId\":\"inv_%s\",\"correctsNumber\":\"2026-11-000126\",\"tenantId\":\"%s\",\"month\":\"2026-11\",\"kind\":\"SLA\",\"reason\":2,\"writeDate\":\"2026-12-20\",\"supplyKrw\":-20,\"vatKrw\":0,"
            .formatted(id, id, tenant.id());
    told(tenant, "inv_" + id, "invoice.issued", invoice + at.formatted("COST_SHARE"));
    told(tenant, "inv_" + id + "/p", "invoice-part.issued", invoice + at.formatted("SHOWBACK"));
    told(tenant, "nte_" + id, "invoice-note.issued", note + at.formatted("COST_SHARE"));
    told(tenant, "nte_" + id + "/p", "invoice-part-note.issued", note + at.formatted("COST_SHARE"));

    await(() -> Mailbox.OF_SERVICE.of(billing).size() == 4);
    assertThat(Mailbox.OF_SERVICE.of(billing).stream().map(Mailbox::subject))
        .containsExactlyInAnyOrder(
            "2026-11 명세서 2026-11-000126: 7,920원",
            "2026-11 명세서 2026-11-000126 중 귀 테넌트 몫: 7,920원",
            "명세서 2026-11-000126이(가) -20원 바뀌었습니다",
            "2026-11 명세서 2026-11-000126 중 귀 테넌트 몫이 -20원 바뀌었습니다");
    assertThat(Mailbox.OF_SERVICE.of(billing).stream().map(Mailbox::text))
        .allMatch(text -> text.contains("부가가치세가 없") && !text.contains("청구서"));
  }

  private static void told(Tenant tenant, String key, String type, String fact) {
    TestKafka.send(
        TestKafka.Event.of("billing-service", Topics.INVOICES, key, type, tenant.id(), 1, fact));
  }

  @Test
  void tellsWhoPaysOfATenantsPartOfAnothersInvoice() {
    Tenant tenant = openTenant("notepart");
    String billing = known(tenant, "billing");
    String invoice = "inv_" + UUID.randomUUID();
    TestKafka.send(
        TestKafka.Event.of(
            "billing-service",
            Topics.INVOICES,
            invoice + "/" + tenant.id(),
            "invoice-part.issued",
            tenant.id(),
            1,
            """
            {"invoiceId":"%s","tenantId":"%s","number":"2026-11-000124","month":"2026-11",\
            "totalKrw":7920,"at":"2026-12-03T01:00:00Z"}"""
                .formatted(invoice, tenant.id())));

    var mail = Mailbox.OF_SERVICE.await(billing);
    assertThat(Mailbox.subject(mail)).isEqualTo("2026-11 청구서 2026-11-000124 중 귀 테넌트 몫: 7,920원");
    assertThat(Mailbox.text(mail)).contains("다른 테넌트 앞으로").contains("7,920원");
    Response listed = tenant.as("billing").get(path(tenant));
    assertThat(listed.jsonPath().getList("items.kind")).containsExactly("invoice-part.issued");
  }

  @Test
  void tellsWhoPaysOfANoteAgainstAnInvoice() {
    Tenant tenant = openTenant("noteofown");
    String billing = known(tenant, "billing");
    String note = "nte_" + UUID.randomUUID();
    TestKafka.send(
        TestKafka.Event.of(
            "billing-service",
            Topics.INVOICES,
            note,
            "invoice-note.issued",
            tenant.id(),
            1,
            """
            {"noteId":"%s","noteNumber":"2026-11-000125-C01","correctsId":"inv_%s",\
            "correctsNumber":"2026-11-000125","tenantId":"%s","kind":"SLA","reason":2,\
            "writeDate":"2026-12-20","supplyKrw":-2028000,"vatKrw":-202800,\
            "at":"2026-12-20T01:00:00Z"}"""
                .formatted(note, UUID.randomUUID(), tenant.id())));

    var mail = Mailbox.OF_SERVICE.await(billing);
    assertThat(Mailbox.subject(mail)).isEqualTo("청구서 2026-11-000125이(가) -2,230,800원 바뀌었습니다");
    assertThat(Mailbox.text(mail)).contains("2026-11-000125-C01").contains("-2,230,800원");
    Response listed = tenant.as("billing").get(path(tenant));
    assertThat(listed.jsonPath().getList("items.kind")).containsExactly("invoice-note.issued");
  }

  @Test
  void tellsWhoPaysOfANoteThatChangesATenantsPart() {
    Tenant tenant = openTenant("notepartnote");
    String billing = known(tenant, "billing");
    String note = "nte_" + UUID.randomUUID();
    TestKafka.send(
        TestKafka.Event.of(
            "billing-service",
            Topics.INVOICES,
            note + "/" + tenant.id(),
            "invoice-part-note.issued",
            tenant.id(),
            1,
            """
            {"noteId":"%s","noteNumber":"2026-11-000124-C01","correctsId":"inv_%s",\
            "correctsNumber":"2026-11-000124","tenantId":"%s","month":"2026-11","kind":"SLA",\
            "reason":2,"writeDate":"2026-12-20","supplyKrw":-7200,"vatKrw":-720,\
            "at":"2026-12-20T01:00:00Z"}"""
                .formatted(note, UUID.randomUUID(), tenant.id())));

    var mail = Mailbox.OF_SERVICE.await(billing);
    assertThat(Mailbox.subject(mail))
        .isEqualTo("2026-11 청구서 2026-11-000124 중 귀 테넌트 몫이 -7,920원 바뀌었습니다");
    assertThat(Mailbox.text(mail)).contains("2026-11-000124-C01").contains("-7,920원");
    Response listed = tenant.as("billing").get(path(tenant));
    assertThat(listed.jsonPath().getList("items.kind")).containsExactly("invoice-part-note.issued");
  }

  @Test
  void tellsOwnersAndWhoPaysOfSpendBudgets() {
    Tenant tenant = openTenant("notespend");
    String billing = known(tenant, "billing");
    String owner = known(tenant, "owner");
    String budget = "sbg_" + UUID.randomUUID();
    List<String> types =
        List.of(
            "spend-budget.set",
            "spend-budget.reached",
            "spend-budget.forecast-reached",
            "spend-budget.stopped",
            "spend-budget.resumed",
            "spend-budget.removed");
    for (int n = 0; n < types.size(); n++) {
      TestKafka.send(
          TestKafka.Event.of(
              "billing-service",
              Topics.SPEND_BUDGETS,
              budget,
              types.get(n),
              tenant.id(),
              n + 1,
              """
              {"budgetId":"%s","tenantId":"%s","name":"Fab","month":"2026-11","amountKrw":50000000,\
              "spentKrw":50000012,"forecastKrw":61250000,"reachedPct":%s,"stopAtPct":100,\
              "stopped":%s,"monthEnd":"2026-11-30T15:00:00Z","at":"2026-11-24T03:00:00Z"}\
              """
                  .formatted(budget, tenant.id(), n == 1 || n == 2 ? "100" : "null", n == 3)));
    }

    await(() -> Mailbox.OF_SERVICE.of(billing).size() == 4);
    await(() -> Mailbox.OF_SERVICE.of(owner).size() == 4);
    assertThat(Mailbox.OF_SERVICE.of(owner).stream().map(Mailbox::subject))
        .containsExactlyInAnyOrder(
            "2026-11 예산 Fab의 100 %를 사용했습니다",
            "2026-11 예산 Fab의 100 %를 사용할 것으로 예상됩니다",
            "2026-11 예산 Fab을(를) 모두 사용하여 새로 시작할 수 없습니다",
            "예산 Fab: 다시 새 인스턴스를 시작할 수 있습니다");
    assertThat(Mailbox.OF_SERVICE.of(billing).stream().map(Mailbox::text))
        .anyMatch(text -> text.contains("2026-12-01 00:00 KST까지"))
        .noneMatch(text -> text.contains("프로젝트:"));
    assertThat(tenant.as("owner").get(path(tenant)).jsonPath().getList("items.kind"))
        .containsExactlyInAnyOrder(
            types.stream().filter(t -> !t.matches(".*(set|removed)")).toArray());
  }

  @Test
  void tellsOfQuotaBudgetsAndDrains() {
    Tenant tenant = openTenant("notemore");
    String base = "/tenants/" + tenant.slug();
    Response asked =
        json(
                withKey(tenant.as("owner")),
                "{'model': 'b200-sxm-180g', 'wantedGpus': 128, 'reason': 'More.'}")
            .post(base + "/quota-requests");
    json(admin().header("If-Match", "\"1\""), "{'grantedGpus': 96, 'note': 'The rest in March.'}")
        .post("/admin/quota-requests/" + asked.jsonPath().getString("id") + "/decide");
    Instant now = Instant.now();
    json(
            admin().header("If-Match", "\"0\""),
            "{'limitGpuHours': 10, 'from': '%s', 'to': '%s'}"
                .formatted(now.minus(Duration.ofHours(5)), now.plus(Duration.ofHours(5))))
        .put(base + "/budgets/b200-sxm-180g");
    String project = tenant.as("owner").get(base + "/projects/training").jsonPath().getString("id");
    new Runs(tenant.id(), project, 8)
        .started(now.minus(Duration.ofHours(1)))
        .drained(now, now.plus(Duration.ofHours(48)))
        .undrained(now)
        .started(now.minus(Duration.ofHours(1)));

    await(
        () ->
            tenant
                .as("owner")
                .get(path(tenant))
                .jsonPath()
                .getList("items.kind")
                .containsAll(
                    List.of(
                        "quota-request.granted",
                        "budget.warned",
                        "instance.maintenance-scheduled",
                        "instance.maintenance-cancelled")));
    Response list = tenant.as("owner").get(path(tenant) + "?kind=instance.maintenance-scheduled");
    assertThat(list.jsonPath().getString("items[0].details.maintenanceAt"))
        .isEqualTo(now.plus(Duration.ofHours(48)).toString());
    assertThat(list.jsonPath().getList("items[0].dispatches.recipient"))
        .containsExactlyInAnyOrder(
            tenant.slug() + "-owner",
            tenant.slug() + "-operator",
            tenant.slug() + "-project-owner");
    assertThat(
            tenant
                .as("owner")
                .get(path(tenant) + "?kind=quota-request.granted")
                .jsonPath()
                .getString("items[0].text"))
        .contains("The rest in March.");
  }

  @Test
  void showsAdminsWhoCouldNotBeReachedAndTriesAgain() {
    Tenant tenant = openTenant("notedead");
    json(withKey(tenant.as("viewer")), "{'name': 'k', 'roles': ['VIEWER']}")
        .post("/tenants/" + tenant.slug() + "/api-keys");
    await(() -> state(tenant).equals("DEAD"));
    String viewer = tenant.slug() + "-viewer";
    Response dead = admin().get("/admin/notification-dispatches?state=DEAD&pageSize=1000");
    String find = "items.find { it.recipient == '" + viewer + "' }.";
    assertThat(dead.jsonPath().getString(find + "problem"))
        .isEqualTo("no verified e-mail address of this person is known");
    assertThat(dead.jsonPath().getInt(find + "attempts")).isEqualTo(4);

    String email = known(tenant, "viewer");
    Response again =
        admin()
            .post(
                "/admin/notification-dispatches/"
                    + dead.jsonPath().getString(find + "id")
                    + "/retry");

    assertThat(again.jsonPath().getString("state")).isEqualTo("PENDING");
    Mailbox.OF_SERVICE.await(email);
    String audit = "/tenants/" + tenant.slug() + "/audit?action=notification-dispatch.retry";
    await(() -> tenant.as("owner").get(audit).jsonPath().getList("items").size() == 1);
    assertThat(tenant.as("owner").get(audit).jsonPath().getString("items[0].before.state"))
        .isEqualTo("DEAD");
    assertThat(tenant.as("owner").get(audit).jsonPath().getString("items[0].after.state"))
        .isEqualTo("PENDING");
    refused(admin().get("/admin/notification-dispatches?state=LOST"), 400, "INVALID_PARAMETER");
    refused(admin().post("/admin/notification-dispatches/dsp_x/retry"), 404, "NOT_FOUND");
  }

  @Test
  void pagesAndFiltersAndKeepsSettingsByVersion() {
    Tenant tenant = openTenant("notelist");
    for (int i = 0; i < 3; i++) {
      json(
              withKey(tenant.as("owner")),
              "{'email': 'p%d@example.com', 'roles': ['VIEWER']}".formatted(i))
          .post("/tenants/" + tenant.slug() + "/invitations");
    }
    Response first = tenant.as("owner").get(path(tenant) + "?pageSize=2");
    assertThat(first.jsonPath().getList("items.dispatches.flatten().recipient"))
        .containsExactly("p2@example.com", "p1@example.com");
    Response rest =
        tenant
            .as("owner")
            .get(
                path(tenant)
                    + "?pageSize=2&pageToken="
                    + first.jsonPath().getString("nextPageToken"));
    assertThat(rest.jsonPath().getList("items.dispatches.flatten().recipient"))
        .containsExactly("p0@example.com");
    assertThat(rest.jsonPath().getString("nextPageToken")).isNull();
    await(
        () ->
            tenant.as("owner").get(path(tenant) + "?state=SENT").jsonPath().getList("items").size()
                == 3);
    refused(tenant.as("owner").get(path(tenant) + "?state=GONE"), 400, "INVALID_PARAMETER");
    refused(tenant.as("owner").get(path(tenant) + "?kind=x"), 400, "INVALID_PARAMETER");

    String settings = "/tenants/" + tenant.slug() + "/notification-settings";
    Response byDefault = tenant.as("viewer").get(settings);
    assertThat(byDefault.jsonPath().getString("language")).isEqualTo("KO");
    assertThat(byDefault.header("ETag")).isEqualTo("\"0\"");
    refused(
        json(tenant.as("owner"), "{'language': 'EN'}").put(settings), 428, "PRECONDITION_REQUIRED");
    refused(
        json(tenant.as("owner").header("If-Match", "\"1\""), "{'language': 'EN'}").put(settings),
        412,
        "VERSION_MISMATCH");
    refused(
        json(tenant.as("owner").header("If-Match", "\"0\""), "{}").put(settings),
        400,
        "VALIDATION_FAILED");
    Response set =
        json(tenant.as("owner").header("If-Match", "\"0\""), "{'language': 'EN'}").put(settings);
    assertThat(set.header("ETag")).isEqualTo("\"1\"");
  }

  @Test
  void forgetsWhatIsOldWithItsDispatches() {
    Tenant tenant = openTenant("noteold");
    json(withKey(tenant.as("owner")), "{'email': 'old@example.com', 'roles': ['VIEWER']}")
        .post("/tenants/" + tenant.slug() + "/invitations");
    String dispatches =
        "select count(*) from notification_dispatch where tenant_id = '" + tenant.uuid() + "'";
    assertThat(Database.number(dispatches)).isEqualTo(1);

    TestDatabase.update(
        "update notification set created_at = now() - interval '181 days' where tenant_id = '"
            + tenant.uuid()
            + "'");

    await(() -> tenant.as("owner").get(path(tenant)).jsonPath().getList("items").isEmpty());
    assertThat(Database.number(dispatches)).isZero();
  }

  /** Gives a member an address, as if they had shown it once. */
  private static String known(Tenant tenant, String role) {
    String email = role + "-" + tenant.slug() + "@example.com";
    TestDatabase.update(
        "insert into person_address values ('%s-%s', '%s', now())"
            .formatted(tenant.slug(), role, email));
    return email;
  }

  private static void move(Tenant tenant, int version, String verb, String body) {
    Response moved =
        json(admin().header("If-Match", "\"" + version + "\""), body)
            .post("/admin/tenants/" + tenant.slug() + "/" + verb);
    assertThat(moved.statusCode()).describedAs(moved.asString()).isEqualTo(200);
  }

  private static String state(Tenant tenant) {
    return String.valueOf(
        tenant.as("owner").get(path(tenant)).jsonPath().getString("items[0].state"));
  }

  private static String path(Tenant tenant) {
    return "/tenants/" + tenant.slug() + "/notifications";
  }
}
