package dev.gpucloud.tenant;

import static dev.gpucloud.tenant.fixture.Api.admin;
import static dev.gpucloud.tenant.fixture.Api.answered;
import static dev.gpucloud.tenant.fixture.Api.as;
import static dev.gpucloud.tenant.fixture.Api.json;
import static dev.gpucloud.tenant.fixture.Api.openTenant;
import static dev.gpucloud.tenant.fixture.Api.refused;
import static dev.gpucloud.tenant.fixture.Api.slug;
import static dev.gpucloud.tenant.fixture.Api.withEmail;
import static dev.gpucloud.tenant.fixture.Api.withKey;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.tenant.fixture.Api.Tenant;
import dev.gpucloud.tenant.fixture.BusinessNumbers;
import dev.gpucloud.tenant.fixture.Database;
import dev.gpucloud.tenant.fixture.TenantService;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

@TenantService
class ApplicationIT {
  private static final String NOTE = "{'note': 'Contract HX-11 is signed.'}";

  @Test
  void becomesATenantWithItsOwnerAndFirstProjectWhenItIsApproved() {
    String slug = slug("applied");
    String person = slug + "-kim";

    Response applied = apply(person, slug);

    assertThat(applied.statusCode()).describedAs(applied.asString()).isEqualTo(201);
    String id = applied.jsonPath().getString("id");
    assertThat(applied.header("Location")).isEqualTo("/api/v1/tenant-applications/" + id);
    assertThat(applied.header("ETag")).isEqualTo("\"1\"");
    assertThat(applied.jsonPath().getString("state")).isEqualTo("APPLIED");
    refused(admin().get("/admin/tenants/" + slug), 404, "NOT_FOUND");
    assertThat(
            admin()
                .queryParam("state", "APPLIED")
                .queryParam("slug", slug)
                .get("/admin/tenant-applications")
                .jsonPath()
                .getList("items.id"))
        .containsExactly(id);

    Response approved = decide(id, 1, "approve");

    assertThat(approved.statusCode()).describedAs(approved.asString()).isEqualTo(200);
    assertThat(approved.jsonPath().getString("state")).isEqualTo("APPROVED");
    assertThat(approved.jsonPath().getString("note")).isEqualTo("Contract HX-11 is signed.");
    Response tenant = answered(200, as(person).get("/tenants/" + slug));
    assertThat(tenant.jsonPath().getString("id"))
        .isEqualTo(approved.jsonPath().getString("tenantId"));
    assertThat(tenant.jsonPath().getString("contacts.billing.email")).isEqualTo("ap@example.com");
    assertThat(as(person).get("/tenants/" + slug + "/projects/lab").statusCode()).isEqualTo(200);
    assertThat(as(person).get("/tenants/" + slug + "/members").jsonPath().getList("items.roles[0]"))
        .containsExactly("OWNER");
    Response history = as(person).get("/tenants/" + slug + "/history");
    assertThat(history.jsonPath().getList("items.action"))
        .containsExactly("apply", "approve", "activate");
    assertThat(history.jsonPath().getList("items.actor"))
        .containsExactly(person, "the-admin", "the-admin");
    assertThat(as(person).get("/tenant-applications").jsonPath().getList("items.state"))
        .containsExactly("APPROVED");
  }

  @Test
  void isApprovedOnceHoweverOftenAndByWhomeverItIsAsked() {
    String slug = slug("twice");
    String id = apply(slug + "-kim", slug).jsonPath().getString("id");

    List<Integer> statuses =
        inParallel(List.of(() -> decide(id, 1, "approve"), () -> decide(id, 1, "approve")));

    assertThat(statuses).containsExactlyInAnyOrder(200, 412);
    refused(decide(id, 2, "approve"), 409, "STATE_CONFLICT");
    Response late = refused(decide(id, 2, "reject"), 409, "STATE_CONFLICT");
    assertThat(late.jsonPath().getString("params.state")).isEqualTo("APPROVED");
    assertThat(Database.number("select count(*) from tenant where slug = '" + slug + "'"))
        .isEqualTo(1);
  }

  @Test
  void aNumberThatAnotherTenantHasIsNotApprovedUnlessBothAreOneCompany() {
    String first = slug("holder");
    decide(apply(first + "-kim", first).jsonPath().getString("id"), 1, "approve");
    String slug = slug("stranger");
    String person = slug + "-lee";
    Response applied =
        json(
                withKey(applicant(person)),
                body(slug).replace(BusinessNumbers.of(slug), BusinessNumbers.of(first)))
            .post("/tenant-applications");
    String id = applied.jsonPath().getString("id");
    String path = "/admin/tenant-applications/" + id;

    assertThat(applied.statusCode()).isEqualTo(201);
    assertThat(applied.asString()).doesNotContain("Holders").doesNotContain(first);
    assertThat(as(person).get("/tenant-applications/" + id).asString()).doesNotContain(first);
    assertThat(admin().get(path).jsonPath().getList("businessNumberHolders"))
        .containsExactly(first);
    assertThat(
            admin()
                .queryParam("slug", slug)
                .get("/admin/tenant-applications")
                .jsonPath()
                .getList("items[0].businessNumberHolders"))
        .containsExactly(first);

    Response refusal = refused(decide(id, 1, "approve"), 422, "UNPROCESSABLE");
    assertThat(refusal.jsonPath().getString("errors[0].detail")).contains(first);
    assertThat(refusal.jsonPath().getList("errors.pointer")).containsExactly("/sharesAccountWith");
    refused(approve(id, "somebody-else"), 422, "UNPROCESSABLE");
    assertThat(admin().get(path).jsonPath().getString("state")).isEqualTo("APPLIED");

    answered(200, approve(id, first));
  }

  private static Response approve(String id, String sharesAccountWith) {
    return json(
            admin().header("If-Match", "\"1\""),
            "{'note': 'One company.', 'sharesAccountWith': '%s'}".formatted(sharesAccountWith))
        .post("/admin/tenant-applications/" + id + "/approve");
  }

  @Test
  void isNotApprovedByWhoAppliedWhateverRolesTheyHave() {
    String slug = slug("byoneself");
    String person = slug + "-admin";
    String id = apply(person, slug).jsonPath().getString("id");
    String path = "/admin/tenant-applications/" + id;

    Response refusal =
        refused(
            json(as(person, "platform-admin").header("If-Match", "\"1\""), NOTE)
                .post(path + "/approve"),
            409,
            "FOUR_EYES");

    assertThat(refusal.jsonPath().getString("detail"))
        .isEqualTo("You applied for this tenant yourself; another platform admin approves it.");
    assertThat(admin().get(path).jsonPath().getString("state")).isEqualTo("APPLIED");
    answered(200, json(admin().header("If-Match", "\"1\""), NOTE).post(path + "/approve"));
  }

  @Test
  void isWithdrawnByItsApplicantAlone() {
    String slug = slug("withdrawn");
    String person = slug + "-kim";
    String id = apply(person, slug).jsonPath().getString("id");
    String path = "/tenant-applications/" + id;
    refused(as("somebody").get(path), 404, "NOT_FOUND");
    refused(as("somebody").header("If-Match", "\"1\"").post(path + "/withdraw"), 404, "NOT_FOUND");
    refused(as(person).post(path + "/withdraw"), 428, "PRECONDITION_REQUIRED");

    Response withdrawn = as(person).header("If-Match", "\"1\"").post(path + "/withdraw");

    assertThat(withdrawn.jsonPath().getString("state")).isEqualTo("WITHDRAWN");
    Response late = refused(decide(id, 2, "approve"), 409, "STATE_CONFLICT");
    assertThat(late.jsonPath().getString("detail"))
        .isEqualTo("The application is WITHDRAWN and cannot be approved; it allows nothing.");
    assertThat(apply(person, slug).statusCode()).isEqualTo(201);
  }

  @Test
  void tellsTheApplicantWhyItIsRejectedAndFreesTheSlug() {
    String slug = slug("rejected");
    String person = slug + "-kim";
    String id = apply(person, slug).jsonPath().getString("id");
    refused(
        json(admin().header("If-Match", "\"1\""), "{}")
            .post("/admin/tenant-applications/" + id + "/reject"),
        400,
        "VALIDATION_FAILED");
    assertThat(decide(id, 1, "reject").statusCode()).isEqualTo(200);
    Response own = as(person).get("/tenant-applications/" + id);
    assertThat(own.jsonPath().getString("state")).isEqualTo("REJECTED");
    assertThat(own.jsonPath().getString("note")).isEqualTo("Contract HX-11 is signed.");
    assertThat(apply(slug + "-lee", slug).statusCode()).isEqualTo(201);
  }

  @Test
  void takesOneApplicationPerPersonAndSlugAtATime() {
    String slug = slug("once");
    String person = slug + "-kim";
    apply(person, slug);

    Response second = refused(apply(person, slug("other")), 409, "ALREADY_EXISTS");
    assertThat(second.jsonPath().getString("params.application")).startsWith("tap_");
    Response taken = refused(apply(slug + "-lee", slug), 409, "ALREADY_EXISTS");
    assertThat(taken.jsonPath().getList("errors.pointer")).containsExactly("/slug");

    Tenant tenant = openTenant("there");
    refused(apply("a-newcomer", tenant.slug()), 409, "ALREADY_EXISTS");
    refused(apply(tenant.slug() + "-viewer", slug("mine")), 409, "STATE_CONFLICT");

    String raced = slug("raced");
    assertThat(
            inParallel(List.of(() -> apply(raced + "-a", raced), () -> apply(raced + "-b", raced))))
        .containsExactlyInAnyOrder(201, 409);
  }

  @Test
  void countsForNothingBeforeTheAddressIsVerified() {
    String slug = slug("unverified");

    for (RequestSpecification unknown :
        List.of(as(slug), withEmail(slug, slug + "@example.com", false))) {
      Response refusal =
          refused(
              json(withKey(unknown), body(slug)).post("/tenant-applications"), 403, "FORBIDDEN");
      assertThat(refusal.jsonPath().getString("detail")).contains("no verified e-mail address");
    }
    assertThat(
            Database.number("select count(*) from tenant_application where slug = '" + slug + "'"))
        .isZero();
    assertThat(apply(slug, slug).statusCode()).isEqualTo(201);
  }

  @Test
  void isAskedForFiveTimesADayAtMost() {
    String person = slug("eager");
    for (int n = 0; n < 5; n++) {
      Response applied = answered(201, apply(person, slug("eager")));
      answered(
          200,
          as(person)
              .header("If-Match", "\"1\"")
              .post("/tenant-applications/" + applied.jsonPath().getString("id") + "/withdraw"));
    }

    Response refusal = refused(apply(person, slug("eager")), 409, "STATE_CONFLICT");

    assertThat(refusal.jsonPath().getInt("params.limit")).isEqualTo(5);
    assertThat(refusal.jsonPath().getString("detail"))
        .isEqualTo("You have applied 5 times within 24 hours; apply again tomorrow.");
    assertThat(apply(slug("another"), slug("eager")).statusCode()).isEqualTo(201);
  }

  @Test
  void answersARepeatedApplicationAgain() {
    String slug = slug("replayed");
    String key = UUID.randomUUID().toString();
    Supplier<Response> send =
        () ->
            json(applicant(slug + "-kim").header("Idempotency-Key", key), body(slug))
                .post("/tenant-applications");
    Response first = send.get();

    Response again = send.get();

    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(again.asString()).isEqualTo(first.asString());
    refused(
        json(applicant("keyless"), body(slug("keyless"))).post("/tenant-applications"),
        400,
        "IDEMPOTENCY_KEY_REQUIRED");
  }

  @Test
  void reportsEveryViolationAtOnce() {
    Response answer =
        refused(
            json(
                    withKey(applicant("careless")),
                    """
                    {'slug': 'admin', 'name': ' ', 'kind': 'EXTERNAL', 'billingMode': 'EXTERNAL',
                     'businessNumber': '000-00-00049', 'project': 'a b',
                     'contacts': {'billing': {'email': 'nobody'}}}
                    """)
                .post("/tenant-applications"),
            400,
            "VALIDATION_FAILED");
    assertThat(answer.jsonPath().getList("errors.pointer"))
        .containsExactlyInAnyOrder(
            "/slug", "/name", "/segment", "/businessNumber", "/project", "/contacts/billing/email");
    refused(
        json(withKey(applicant("careless")), "{'slug': 'fine', 'mood': 'good'}")
            .post("/tenant-applications"),
        400,
        "UNKNOWN_FIELD");
    Response group =
        refused(
            json(
                    withKey(applicant("careless")),
                    "{'slug': 'my-group', 'name': 'G', 'kind': 'GROUP', 'contacts': {}}")
                .post("/tenant-applications"),
            400,
            "VALIDATION_FAILED");
    assertThat(group.jsonPath().getList("errors.pointer"))
        .containsExactlyInAnyOrder("/kind", "/contacts/billing");
  }

  @Test
  void doesNotApproveWhatFitsNowhere() {
    String slug = slug("orphan");
    Response applied =
        json(
                withKey(applicant(slug + "-kim")),
                """
                {'slug': '%s', 'name': 'Orphan', 'kind': 'SUBSIDIARY', 'parent': 'nobody-here',
                 'billingMode': 'SHOWBACK', 'contacts': {'billing': {'email': 'a@example.com'}}}
                """
                    .formatted(slug))
            .post("/tenant-applications");
    String id = applied.jsonPath().getString("id");

    Response refusal = refused(decide(id, 1, "approve"), 422, "UNPROCESSABLE");

    assertThat(refusal.jsonPath().getList("errors.pointer")).containsExactly("/parent");
    assertThat(admin().get("/admin/tenant-applications/" + id).jsonPath().getString("state"))
        .isEqualTo("APPLIED");
  }

  /** Somebody with a login whose e-mail address is verified. */
  private static RequestSpecification applicant(String person) {
    return withEmail(person, person + "@example.com", true);
  }

  private static Response apply(String person, String slug) {
    return json(withKey(applicant(person)), body(slug)).post("/tenant-applications");
  }

  private static String body(String slug) {
    return """
    {'slug': '%s', 'name': 'Tenant %s', 'kind': 'EXTERNAL', 'segment': 'STARTUP',
     'billingMode': 'EXTERNAL', 'businessNumber': '%s', 'project': 'lab',
     'contacts': {'billing': {'email': 'ap@example.com'}}, 'purpose': 'Training robots.'}
    """
        .formatted(slug, slug, BusinessNumbers.of(slug));
  }

  private static Response decide(String id, int version, String decision) {
    return json(admin().header("If-Match", "\"" + version + "\""), NOTE)
        .post("/admin/tenant-applications/" + id + "/" + decision);
  }

  private static List<Integer> inParallel(List<Supplier<Response>> requests) {
    return requests.stream()
        .map(request -> CompletableFuture.supplyAsync(() -> request.get().statusCode()))
        .toList()
        .stream()
        .map(CompletableFuture::join)
        .toList();
  }
}
