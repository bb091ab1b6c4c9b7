package dev.gpucloud.tenant;

import static dev.gpucloud.tenant.fixture.Api.admin;
import static dev.gpucloud.tenant.fixture.Api.answered;
import static dev.gpucloud.tenant.fixture.Api.as;
import static dev.gpucloud.tenant.fixture.Api.await;
import static dev.gpucloud.tenant.fixture.Api.json;
import static dev.gpucloud.tenant.fixture.Api.openTenant;
import static dev.gpucloud.tenant.fixture.Api.refused;
import static dev.gpucloud.tenant.fixture.Api.slug;
import static dev.gpucloud.tenant.fixture.Api.withKey;
import static dev.gpucloud.tenant.fixture.Grants.addReviewer;
import static dev.gpucloud.tenant.fixture.Grants.apply;
import static dev.gpucloud.tenant.fixture.Grants.applyAs;
import static dev.gpucloud.tenant.fixture.Grants.applyFor;
import static dev.gpucloud.tenant.fixture.Grants.applyTo;
import static dev.gpucloud.tenant.fixture.Grants.confirm;
import static dev.gpucloud.tenant.fixture.Grants.link;
import static dev.gpucloud.tenant.fixture.Grants.openCall;
import static dev.gpucloud.tenant.fixture.Grants.patchCall;
import static dev.gpucloud.tenant.fixture.Grants.propose;
import static dev.gpucloud.tenant.fixture.Grants.review;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.tenant.fixture.Api.Tenant;
import dev.gpucloud.tenant.fixture.Database;
import dev.gpucloud.tenant.fixture.TenantService;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A call from its opening to its awards: who may do what until when, and what the log keeps. */
@TenantService
class GrantCallIT {
  @Test
  void awardsNothingWhileApplicationsAreTaken() {
    String call = openCall("early", 16, "'minReviews': 1");
    Tenant tenant = openTenant("early");
    String application = apply(tenant, call, 16, 16);
    addReviewer(call, "judge-one");
    assertThat(review("judge-one", call, application, 50).statusCode()).isEqualTo(201);
    String until = as("anybody").get("/grant-calls/" + call).jsonPath().getString("applyUntil");

    Response early =
        refused(admin().post("/admin/grant-calls/" + call + "/propose"), 409, "STATE_CONFLICT");

    assertThat(early.jsonPath().getString("detail"))
        .isEqualTo(
            "The call takes applications until "
                + until
                + "; do this after it, or let the period end sooner with PATCH applyUntil of the"
                + " call.");
    assertThat(early.jsonPath().getString("params.applyUntil")).isEqualTo(until);
    propose(call);
    // as a proposal of a release that did not look at the period
    Database.change(
        "update grant_call set apply_until = now() + interval '1 hour' where id = '%s'"
            .formatted(call.substring(4)));
    Response confirmed =
        refused(
            admin().header("If-Match", "*").post("/admin/grant-calls/" + call + "/confirm"),
            409,
            "STATE_CONFLICT");
    assertThat(confirmed.jsonPath().getString("detail")).endsWith("; do this after it.");
  }

  @Test
  void isChangedUntilAwardsAreProposed() {
    String call = openCall("edited", 16, "'minReviews': 1");
    String path = "/admin/grant-calls/" + call;
    refused(json(admin(), "{'name': 'Other'}").patch(path), 428, "PRECONDITION_REQUIRED");
    refused(patchCall(call, "\"7\"", "{'name': 'Other'}"), 412, "VERSION_MISMATCH");
    refused(json(as("a-person"), "{'name': 'Other'}").patch(path), 403, "FORBIDDEN");
    refused(patchCall(call, "\"1\"", "{'pools': {'b200-sxm-180g': 8}}"), 400, "UNKNOWN_FIELD");
    Response all =
        refused(
            patchCall(
                call,
                "\"1\"",
                "{'name': null, 'applyUntil': 1893456000, 'windowEnd': '2001-01-01T00:00:00Z'}"),
            400,
            "VALIDATION_FAILED");
    assertThat(all.jsonPath().getList("errors.pointer"))
        .containsExactlyInAnyOrder("/name", "/applyUntil", "/windowEnd");
    refused(
        patchCall(call, "\"1\"", "{'applyUntil': '2001-01-01T00:00:00Z'}"),
        400,
        "VALIDATION_FAILED");
    String request = UUID.randomUUID().toString();

    Response changed =
        json(
                admin().header("If-Match", "\"1\"").header("X-Request-Id", request),
                "{'name': 'A longer round', 'applyUntil': '2099-01-01T09:00:00+09:00',"
                    + " 'windowEnd': '2099-06-01T00:00:00Z'}")
            .patch(path);

    assertThat(changed.statusCode()).describedAs(changed.asString()).isEqualTo(200);
    assertThat(changed.header("ETag")).isEqualTo("\"2\"");
    assertThat(changed.jsonPath().getString("name")).isEqualTo("A longer round");
    assertThat(changed.jsonPath().getString("applyUntil")).isEqualTo("2099-01-01T00:00:00Z");
    assertThat(patchCall(call, "\"2\"", "{'name': 'A longer round'}").header("ETag"))
        .isEqualTo("\"2\"");
    JsonPath entry = entry(request);
    assertThat(entry.getString("items[0].action")).isEqualTo("tenant.grant-call.change");
    assertThat(entry.getString("items[0].before.name")).isEqualTo("A round");
    assertThat(entry.getString("items[0].after.windowEnd")).isEqualTo("2099-06-01T00:00:00Z");
    propose(call);
    refused(patchCall(call, "*", "{'name': 'Too late'}"), 409, "STATE_CONFLICT");
  }

  @Test
  void takesOneOpenApplicationOfAnApplicant() {
    String call = openCall("single", 64, "'minReviews': 1");
    Tenant tenant = openTenant("single");
    String first = apply(tenant, call, 16, 16);

    Response second = refused(applyTo(tenant, call, 8, 8), 409, "ALREADY_EXISTS");

    assertThat(second.jsonPath().getString("params.application")).isEqualTo(first);
    tenant
        .as("owner")
        .header("If-Match", "\"1\"")
        .post("/tenants/%s/grant-applications/%s/withdraw".formatted(tenant.slug(), first))
        .then()
        .statusCode(200);
    apply(tenant, call, 8, 8);
    Tenant crowd = openTenant("single-crowd");
    List<Integer> statuses =
        IntStream.range(0, 4)
            .mapToObj(
                n -> CompletableFuture.supplyAsync(() -> applyTo(crowd, call, 8, 8).statusCode()))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .toList();
    assertThat(statuses).containsOnly(201, 409).containsOnlyOnce(201);

    String person = slug("single") + "-kim";
    String own = applyAs(person, call, 8).jsonPath().getString("id");
    Response again = refused(applyAs(person, call, 8), 409, "ALREADY_EXISTS");
    assertThat(again.jsonPath().getString("params.application")).isEqualTo(own);
    Response linked = refused(link(own, crowd), 409, "ALREADY_EXISTS");
    assertThat(linked.jsonPath().getString("params.application")).startsWith("gap_");
    assertThat(linked.jsonPath().getString("detail"))
        .endsWith("Let its owner withdraw that one first, or name another tenant.");
    assertThat(linked.jsonPath().getString("errors[0].pointer")).isEqualTo("/tenant");
    Response unnamed =
        refused(
            json(admin(), "{}").post("/admin/grant-applications/" + own + "/link"),
            400,
            "VALIDATION_FAILED");
    assertThat(unnamed.jsonPath().getString("errors[0].pointer")).isEqualTo("/tenant");
    assertThat(unnamed.jsonPath().getString("errors[0].detail")).contains("slug or id");
  }

  @Test
  void aPersonWithoutATenantSeesAndWithdrawsTheirOwn() {
    String call = openCall("person", 64, "'minReviews': 1");
    String person = slug("person") + "-lee";
    String id = applyAs(person, call, 16).jsonPath().getString("id");
    String withdraw = "/me/grant-applications/" + id + "/withdraw";

    assertThat(as(person).get("/me/grant-applications").jsonPath().getList("items.id"))
        .containsExactly(id);
    assertThat(as("nobody-else").get("/me/grant-applications").jsonPath().getList("items"))
        .isEmpty();
    refused(as("nobody-else").header("If-Match", "\"1\"").post(withdraw), 404, "NOT_FOUND");
    refused(as(person).post(withdraw), 428, "PRECONDITION_REQUIRED");
    Response withdrawn = as(person).header("If-Match", "\"1\"").post(withdraw);
    assertThat(withdrawn.jsonPath().getString("state")).isEqualTo("WITHDRAWN");
    assertThat(withdrawn.header("ETag")).isEqualTo("\"2\"");
    refused(as(person).header("If-Match", "\"2\"").post(withdraw), 409, "STATE_CONFLICT");
    assertThat(applyAs(person, call, 8).statusCode()).isEqualTo(201);
  }

  @Test
  void showsReviewersWhatTheyJudgeAndNothingOfTheirOwn() {
    String call = openCall("judged", 64, "'minReviews': 1");
    Tenant one = openTenant("judged-one");
    Tenant two = openTenant("judged-two");
    String first = apply(one, call, 16, 8);
    String second = applyFor(two, "000-00-00067", call, 8);
    String judge = one.slug() + "-viewer";
    addReviewer(call, judge);
    String path = "/grant-calls/" + call + "/applications";
    refused(as("stranger").get(path), 404, "NOT_FOUND");
    refused(as("stranger").get(path + "/" + second), 404, "NOT_FOUND");

    assertThat(as(judge).get(path).jsonPath().getList("items.applicationId"))
        .containsExactly(second);
    refused(as(judge).get(path + "/" + first), 409, "CONFLICT_OF_INTEREST");
    Response shown = as(judge).get(path + "/" + second);
    assertThat(shown.jsonPath().getString("purpose")).isEqualTo("A model of our own.");
    assertThat(shown.jsonPath().getString("points")).isNull();
    assertThat(shown.asString()).doesNotContain("businessNumber");
    assertThat(reviews(judge, "?reviewed=false")).containsExactly(second);
    assertThat(reviews(judge, "?reviewed=true")).isEmpty();

    json(withKey(as(judge)), "{'points': 70, 'comment': 'Sound.'}")
        .post(path + "/" + second + "/reviews")
        .then()
        .statusCode(201);

    assertThat(reviews(judge, "?reviewed=false")).isEmpty();
    Response done = as(judge).get("/me/grant-reviews");
    assertThat(done.jsonPath().getList("items.applicationId")).containsExactly(second);
    assertThat(done.jsonPath().getInt("items[0].points")).isEqualTo(70);
    assertThat(done.jsonPath().getString("items[0].comment")).isEqualTo("Sound.");
    assertThat(as("stranger").get("/me/grant-reviews").jsonPath().getList("items")).isEmpty();
  }

  @Test
  void isNotJudgedByMembersOfATenantOfTheApplicantsBusinessNumber() {
    String call = openCall("number", 64, "'minReviews': 1");
    Tenant tenant = openTenant("number");
    String own =
        applyAs("number-somebody", call, 16, tenant.businessNumber()).jsonPath().getString("id");
    String other = applyAs("number-institute", call, 16).jsonPath().getString("id");
    String judge = tenant.slug() + "-viewer";
    addReviewer(call, judge);

    refused(review(judge, call, own, 100), 409, "CONFLICT_OF_INTEREST");
    refused(
        as(judge).get("/grant-calls/%s/applications/%s".formatted(call, own)),
        409,
        "CONFLICT_OF_INTEREST");
    assertThat(reviews(judge, "")).containsExactly(other);
    assertThat(review(judge, call, other, 70).statusCode()).isEqualTo(201);
  }

  @Test
  void isNotJudgedByWhoLeftTheApplicantWithinAYearBeforeTheCallOrSince() {
    Tenant tenant = openTenant("left");
    String recent = tenant.slug() + "-operator";
    String longAgo = tenant.slug() + "-viewer";
    leave(tenant, longAgo);
    Database.change(
        "update member set updated_at = now() - interval '13 months' where subject = '%s'"
            .formatted(longAgo));
    String call = openCall("left", 64, "'minReviews': 1");
    String application = apply(tenant, call, 16, 16);
    addReviewer(call, recent);
    addReviewer(call, longAgo);
    leave(tenant, recent);

    Response refused = refused(review(recent, call, application, 100), 409, "CONFLICT_OF_INTEREST");

    assertThat(refused.jsonPath().getString("detail"))
        .endsWith("or were one since twelve months before the call was opened.");
    refused(
        as(recent).get("/grant-calls/%s/applications/%s".formatted(call, application)),
        409,
        "CONFLICT_OF_INTEREST");
    assertThat(reviews(recent, "")).isEmpty();
    answered(201, review(longAgo, call, application, 70));
  }

  private static void leave(Tenant tenant, String subject) {
    answered(
        204,
        tenant
            .as("owner")
            .header("If-Match", "\"1\"")
            .delete("/tenants/%s/members/%s".formatted(tenant.slug(), subject)));
  }

  @Test
  void refusesApplicationsAfterItsWindowAndSharesAboveItsPools() {
    Response refused =
        refused(
            json(
                    withKey(admin()),
                    """
                    {'slug': '%s', 'name': 'A round', 'applyUntil': '2099-01-01T00:00:00Z',
                     'windowStart': '2098-01-01T00:00:00Z', 'windowEnd': '2099-01-01T00:00:00Z',
                     'customerSharePct': 10, 'pools': {'b200-sxm-180g': 64},
                     'categoryGpus': {'ACADEMIA': 72, 'STARTUP': 64}}"""
                        .formatted(slug("bounds")))
                .post("/admin/grant-calls"),
            400,
            "VALIDATION_FAILED");
    assertThat(refused.jsonPath().getList("errors.pointer"))
        .containsExactly("/applyUntil", "/categoryGpus/ACADEMIA");

    String call = openCall("bounds", 16, "'minReviews': 1");
    Response patched =
        refused(
            patchCall(call, "\"1\"", "{'applyUntil': '2099-01-01T00:00:00Z'}"),
            400,
            "VALIDATION_FAILED");
    assertThat(patched.jsonPath().getList("errors.pointer")).containsExactly("/applyUntil");
  }

  @Test
  void theLogKeepsValuesOfEveryStep() {
    String call = openCall("logged", 16, "'minReviews': 1");
    Tenant tenant = openTenant("logged");
    String application = apply(tenant, call, 16, 16);
    String judge = slug("judge");
    addReviewer(call, judge);
    json(admin(), "{'name': 'Prof. Judge'}")
        .put("/admin/grant-calls/%s/reviewers/%s".formatted(call, judge))
        .then()
        .statusCode(204);
    assertThat(review(judge, call, application, 61).statusCode()).isEqualTo(201);
    propose(call);
    confirm(call);
    json(
            withKey(admin()),
            "{'name': 'logged-credit', 'amountKrw': 1000, 'expires': '2099-01-01',"
                + " 'reason': 'Trial'}")
        .post("/admin/tenants/" + tenant.slug() + "/credits")
        .then()
        .statusCode(201);

    JsonPath reviewer = of("tenant.grant-reviewer.set", judge, 2);
    // entries of two requests may reach the log in either order
    String second = "items.find { it.before != null }";
    assertThat(reviewer.getString(second + ".before.name")).isEqualTo("A judge");
    assertThat(reviewer.getString(second + ".after.name")).isEqualTo("Prof. Judge");
    JsonPath reviewed = of("tenant.grant-review.create", application, 1);
    assertThat(reviewed.getInt("items[0].after.points")).isEqualTo(61);
    assertThat(reviewed.getString("items[0].target.tenant")).isNull();
    JsonPath proposed = of("tenant.grant-call.propose", call, 1);
    assertThat(proposed.getString("items[0].before.call.state")).isEqualTo("OPEN");
    assertThat(proposed.getString("items[0].after.call.state")).isEqualTo("PROPOSED");
    assertThat(proposed.getInt("items[0].after.proposal.awards")).isEqualTo(1);
    JsonPath confirmed = of("tenant.grant-call.confirm", call, 1);
    assertThat(confirmed.getString("items[0].before.call.state")).isEqualTo("PROPOSED");
    assertThat(confirmed.getString("items[0].after.call.state")).isEqualTo("CONFIRMED");
    JsonPath own =
        awaitItems("/admin/audit?action=tenant.grant-award.offer&tenant=" + tenant.id(), 1);
    assertThat(own.getString("items[0].before.state")).isEqualTo("PROPOSED");
    assertThat(own.getString("items[0].after.state")).isEqualTo("OFFERED");
    JsonPath credit = awaitItems("/admin/audit?action=tenant.credit.give&tenant=" + tenant.id(), 1);
    assertThat(credit.getInt("items[0].after.amountKrw")).isEqualTo(1000);
    JsonPath submitted =
        awaitItems("/admin/audit?action=tenant.grant-application.submit&tenant=" + tenant.id(), 1);
    assertThat(submitted.getString("items[0].after.id")).isEqualTo(application);
  }

  private static List<String> reviews(String judge, String filter) {
    return as(judge).get("/me/grant-reviews" + filter).jsonPath().getList("items.applicationId");
  }

  private static JsonPath entry(String request) {
    return awaitItems("/admin/audit?requestId=" + request, 1);
  }

  private static JsonPath of(String action, String target, int count) {
    return awaitItems("/admin/audit?action=%s&target=%s".formatted(action, target), count);
  }

  /** The log hears of a change soon after it. */
  private static JsonPath awaitItems(String path, int count) {
    var last = new JsonPath[1];
    await(
        () -> {
          last[0] = as("an-auditor", "auditor").get(path).jsonPath();
          return last[0].getList("items").size() == count;
        });
    return last[0];
  }
}
