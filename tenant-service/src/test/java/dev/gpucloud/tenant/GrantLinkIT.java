package dev.gpucloud.tenant;

import static dev.gpucloud.tenant.fixture.Api.admin;
import static dev.gpucloud.tenant.fixture.Api.answered;
import static dev.gpucloud.tenant.fixture.Api.as;
import static dev.gpucloud.tenant.fixture.Api.await;
import static dev.gpucloud.tenant.fixture.Api.openTenant;
import static dev.gpucloud.tenant.fixture.Api.refused;
import static dev.gpucloud.tenant.fixture.Api.slug;
import static dev.gpucloud.tenant.fixture.Api.withEmail;
import static dev.gpucloud.tenant.fixture.Grants.addReviewer;
import static dev.gpucloud.tenant.fixture.Grants.apply;
import static dev.gpucloud.tenant.fixture.Grants.applyAs;
import static dev.gpucloud.tenant.fixture.Grants.applyFor;
import static dev.gpucloud.tenant.fixture.Grants.confirm;
import static dev.gpucloud.tenant.fixture.Grants.link;
import static dev.gpucloud.tenant.fixture.Grants.openCall;
import static dev.gpucloud.tenant.fixture.Grants.propose;
import static dev.gpucloud.tenant.fixture.Grants.review;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.tenant.fixture.Api.Tenant;
import dev.gpucloud.tenant.fixture.Database;
import dev.gpucloud.tenant.fixture.Mailbox;
import dev.gpucloud.tenant.fixture.TenantService;
import dev.gpucloud.testsupport.TestKafka;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An applicant stays one, by whichever of its applications, and is told what it is offered. */
@TenantService
class GrantLinkIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Test
  void tellsTheTenantOfAnAwardThatWasOfferedBeforeThereWasOne() {
    String call = openCall("linked", 16, "'minReviews': 1");
    String application = applyAs(slug("person"), call, 16).jsonPath().getString("id");
    score(call, List.of(application), 50);
    propose(call);
    confirm(call);
    Tenant tenant = openTenant("linked");

    answered(200, link(application, tenant));

    Response awards = tenant.as("owner").get("/tenants/" + tenant.slug() + "/grant-awards");
    assertThat(awards.jsonPath().getList("items.state")).containsExactly("OFFERED");
    String award = awards.jsonPath().getString("items[0].id");
    var told = TestKafka.await(Topics.GRANTS, 1, PATIENCE, r -> r.key().equals(award)).getFirst();
    assertThat(TestKafka.header(told, "ce_type")).isEqualTo("grant.offered");
    assertThat(TestKafka.header(told, "ce_sequence"))
        .isEqualTo(awards.jsonPath().getString("items[0].version"));
    JsonPath notified =
        tenant.as("owner").get("/tenants/" + tenant.slug() + "/notifications").jsonPath();
    assertThat(notified.getList("items.kind")).contains("grant.offered");
  }

  @Test
  void givesATenantNoSecondApplicationOfACall() {
    String call = openCall("second", 32, "'minReviews': 1");
    Tenant tenant = openTenant("second");
    String own = apply(tenant, call, 16, 16);
    String outside = applyAs(slug("person"), call, 16).jsonPath().getString("id");
    score(call, List.of(own, outside), 90);
    propose(call);
    confirm(call);

    Response second = refused(link(outside, tenant), 409, "ALREADY_EXISTS");

    assertThat(second.jsonPath().getString("params.application")).isEqualTo(own);
    assertThat(second.jsonPath().getString("detail"))
        .isEqualTo(
            "%s has the application %s to this call already, which is AWARDED; a tenant has one. Name"
                    .formatted(tenant.slug(), own)
                + " another tenant.");
    answered(200, link(outside, openTenant("second-other")));
  }

  @Test
  void passesOverWhoeverLostGpusOfTheCallAndForgetsWhyOthersWereRefused() {
    String call =
        openCall(
            "lost", 16, "'minReviews': 1, 'minUsePct': 50, 'useWindowDays': 10, 'noticeDays': 5");
    Tenant idle = openTenant("lost-idle");
    Tenant twin = openTenant("lost-twin");
    Tenant waiting = openTenant("lost-waiting");
    String first = apply(idle, call, 16, 16);
    String sameNumber = applyFor(twin, idle.businessNumber(), call, 16);
    String sameTenant = applyAs(slug("person"), call, 16).jsonPath().getString("id");
    String last = applyFor(waiting, "000-00-00067", call, 16);
    score(call, List.of(first, sameNumber, sameTenant, last), 90);
    propose(call);
    confirm(call);
    assertThat(explanation(call, last)).contains("0 GPUs of b200-sxm-180g were left");
    Database.change( // as a release linked that did not look for a first one
        "update grant_application set tenant_id = '%s' where id = '%s'"
            .formatted(idle.uuid(), sameTenant.substring(4)));
    String award =
        idle.as("owner")
            .get("/tenants/" + idle.slug() + "/grant-awards")
            .jsonPath()
            .getString("items[0].id");
    answered(
        200,
        idle.as("owner")
            .header("If-Match", "\"2\"")
            .post("/tenants/%s/grant-awards/%s/accept".formatted(idle.slug(), award)));

    passed("measured_from", 11, award);
    awaitAward(idle, "NOTICED");
    passed("noticed_at", 6, award);
    awaitAward(idle, "CLAWED_BACK");

    awaitAward(waiting, "OFFERED");
    assertThat(
            Database.number(
                "select count(*) from grant_award where call_id = '%s'"
                    .formatted(call.substring(4))))
        .isEqualTo(2);
    assertThat(explanation(call, last)).isEqualTo("16 GPUs given again after others gave them up.");
  }

  @Test
  void tellsAPersonWithoutATenantOfTheOfferWhatItNeedsAndOfItsLapse() {
    String call = openCall("alone", 16, "'minReviews': 1");
    String person = slug("alone");
    String email = person + "@example.com";
    String application =
        applyAs(withEmail(person, email, true), call, 16, "000-00-00053")
            .jsonPath()
            .getString("id");
    Tenant waiting = openTenant("alone-next");
    String next = apply(waiting, call, 16, 16);
    score(call, List.of(application, next), 90);
    propose(call);
    confirm(call);

    MimeMessage offer = Mailbox.OF_SERVICE.await(email);
    assertThat(Mailbox.subject(offer))
        .isEqualTo("A round에서 Institute에 b200-sxm-180g GPU 16개를 배정했습니다: 테넌트가 필요합니다");
    assertThat(Mailbox.text(offer)).contains(application, "gpucloud applications apply");
    assertThat(myAward(person)).isEqualTo("OFFERED");

    lapse(application);

    await(() -> Mailbox.OF_SERVICE.of(email).size() == 2);
    assertThat(Mailbox.OF_SERVICE.of(email).stream().map(Mailbox::subject))
        .contains("A round: b200-sxm-180g GPU 16개 배정 제안이 만료되었습니다");
    assertThat(myAward(person)).isEqualTo("LAPSED");
    assertThat(
            Database.number(
                "select count(*) from grant_application where id = '%s' and state = 'AWARDED'"
                    .formatted(next.substring(4))))
        .isEqualTo(1);
  }

  @Test
  void tellsWhoIsNextWithoutATenantAndTheOwnersOfALapsedOffer() {
    String call = openCall("lapsed", 16, "'minReviews': 1");
    Tenant late = openTenant("lapsed-late");
    String first = apply(late, call, 16, 16);
    String person = slug("nextalone");
    String email = person + "@example.com";
    String second =
        applyAs(withEmail(person, email, true), call, 16, "000-00-00053")
            .jsonPath()
            .getString("id");
    score(call, List.of(first, second), 90);
    propose(call);
    confirm(call);
    assertThat(Mailbox.text(Mailbox.OF_SERVICE.await(email))).contains("배정되지 않았습니다");

    lapse(first);

    await(() -> Mailbox.OF_SERVICE.of(email).size() == 2);
    assertThat(Mailbox.OF_SERVICE.of(email).stream().map(Mailbox::text))
        .anyMatch(text -> text.contains(second));
    String of = "/tenants/" + late.slug();
    assertThat(
            late.as("owner").get(of + "/grant-applications").jsonPath().getList("items.awardState"))
        .containsExactly("LAPSED");
    assertThat(late.as("owner").get(of + "/notifications").jsonPath().getList("items.kind"))
        .contains("grant.lapsed");
  }

  private static String myAward(String person) {
    return as(person).get("/me/grant-applications").jsonPath().getString("items[0].awardState");
  }

  /** As if the time to accept what the application is offered were over, and the keeper looked. */
  private static void lapse(String application) {
    String of = "grant_award where application_id = '%s'".formatted(application.substring(4));
    Database.change("update " + of.replace(" where", " set accept_by = now() where"));
    await(() -> Database.number("select count(*) from " + of + " and state = 'LAPSED'") == 1);
  }

  /** Points that fall from one to the next. */
  private static void score(String call, List<String> applications, int best) {
    addReviewer(call, "judge-one");
    int points = best;
    for (String application : applications) {
      answered(201, review("judge-one", call, application, points));
      points -= 10;
    }
  }

  private static String explanation(String call, String application) {
    return admin()
        .get("/admin/grant-calls/" + call + "/applications")
        .jsonPath()
        .getString("items.find { it.id == '%s' }.explanation".formatted(application));
  }

  /** As if so many days had passed since. */
  private static void passed(String column, int days, String award) {
    Database.change(
        "update grant_award set %1$s = %1$s - make_interval(days => %2$d) where id = '%3$s'"
            .formatted(column, days, award.substring(4)));
  }

  private static void awaitAward(Tenant tenant, String state) {
    await(
        () ->
            Database.number(
                    "select count(*) from grant_award where tenant_id = '%s' and state = '%s'"
                        .formatted(tenant.uuid(), state))
                == 1);
  }
}
