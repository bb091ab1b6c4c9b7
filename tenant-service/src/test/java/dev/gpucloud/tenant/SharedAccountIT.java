package dev.gpucloud.tenant;

import static dev.gpucloud.tenant.fixture.Api.admin;
import static dev.gpucloud.tenant.fixture.Api.answered;
import static dev.gpucloud.tenant.fixture.Api.json;
import static dev.gpucloud.tenant.fixture.Api.openTenant;
import static dev.gpucloud.tenant.fixture.Api.refused;
import static dev.gpucloud.tenant.fixture.Api.slug;
import static dev.gpucloud.tenant.fixture.Api.withEmail;
import static dev.gpucloud.tenant.fixture.Api.withKey;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.tenant.fixture.Api.Tenant;
import dev.gpucloud.tenant.fixture.BusinessNumbers;
import dev.gpucloud.tenant.fixture.TenantService;
import io.restassured.response.Response;
import org.junit.jupiter.api.Test;

/** Nobody gets another tenant's billing account by its business number alone. */
@TenantService
class SharedAccountIT {
  private static final String OUTSIDE =
      """
      {'slug': '%s', 'name': 'Lab', 'kind': 'EXTERNAL', 'segment': 'STARTUP',
       'billingMode': 'EXTERNAL', 'businessNumber': '%s'%s}""";

  @Test
  void opensATenantOfAnothersNumberOnlyAsOneCompanyWithIt() {
    Tenant holder = openTenant("sharing");
    String lab = slug("sharinglab");
    String number = holder.businessNumber();

    Response refused = refused(open(OUTSIDE.formatted(lab, number, "")), 422, "UNPROCESSABLE");

    assertThat(refused.jsonPath().getList("errors.pointer")).containsExactly("/sharesAccountWith");
    assertThat(refused.jsonPath().getString("errors[0].detail"))
        .isEqualTo(
            "business number %s is that of %s: all would have one billing account and its invoices; name one of them if they are one company"
                .formatted(number, holder.slug()));
    String stranger = ", 'sharesAccountWith': 'sk-nobody'";
    assertThat(
            refused(open(OUTSIDE.formatted(lab, number, stranger)), 422, "UNPROCESSABLE")
                .jsonPath()
                .getString("errors[0].detail"))
        .isEqualTo(
            "'sk-nobody' is no open tenant of business number %s; %s is"
                .formatted(number, holder.slug()));
    String same = ", 'sharesAccountWith': '%s'".formatted(holder.slug());
    answered(201, open(OUTSIDE.formatted(lab, number, same)));
  }

  @Test
  void givesATenantAnothersNumberOnlyAsOneCompanyWithIt() {
    Tenant holder = openTenant("taken");
    Tenant other = openTenant("taking");
    String number = "'businessNumber': '%s'".formatted(holder.businessNumber());

    Response refused = refused(patch(other, 1, number), 422, "UNPROCESSABLE");

    assertThat(refused.jsonPath().getList("errors.pointer")).containsExactly("/sharesAccountWith");
    answered(200, patch(other, 1, "'sharesAccountWith': '%s', ".formatted(holder.slug()) + number));
    answered(200, patch(other, 2, "'name': 'Still edited'"));
  }

  @Test
  void importsTenantsOfOneNumberWhenOneStandsAboveOrNamesTheOther() {
    String run = slug("house");
    String number = BusinessNumbers.of(run);
    String strangers =
        """
        {'tenants': [
          {'slug': '%1$s', 'name': 'House', 'kind': 'GROUP'},
          {'slug': '%1$s-a', 'name': 'Company', 'kind': 'SUBSIDIARY', 'parent': '%1$s',
           'billingMode': 'GROUP_SERVICE', 'businessNumber': '%2$s'},
          {'slug': '%1$s-b', 'name': 'Division', 'kind': 'SUBSIDIARY', 'parent': '%1$s-a',
           'billingMode': 'GROUP_SERVICE', 'businessNumber': '%2$s'},
          {'slug': '%1$s-c', 'name': 'Beside', 'kind': 'SUBSIDIARY', 'parent': '%1$s',
           'billingMode': 'GROUP_SERVICE', 'businessNumber': '%2$s'%3$s}]}""";

    Response refused = refused(load(strangers.formatted(run, number, "")), 422, "UNPROCESSABLE");

    assertThat(refused.jsonPath().getList("errors.pointer"))
        .describedAs("a division of a company is that company")
        .containsExactly("/tenants/3/sharesAccountWith");
    String named = strangers.formatted(run, number, ", 'sharesAccountWith': '%s-a'".formatted(run));
    answered(200, load(named));
    assertThat(answered(200, load(named)).jsonPath().getInt("tenants.unchanged")).isEqualTo(4);
  }

  @Test
  void hasOneBillingModeInOneAccount() {
    String run = slug("modes");
    String number = BusinessNumbers.of(run);
    String modes =
        """
        {'tenants': [
          {'slug': '%1$s', 'name': 'House', 'kind': 'GROUP'},
          {'slug': '%1$s-a', 'name': 'Company', 'kind': 'SUBSIDIARY', 'parent': '%1$s',
           'billingMode': '%3$s', 'businessNumber': '%2$s'},
          {'slug': '%1$s-b', 'name': 'Division', 'kind': 'SUBSIDIARY', 'parent': '%1$s-a',
           'billingMode': '%4$s', 'businessNumber': '%2$s'}]}""";
    Response mixed =
        refused(
            load(modes.formatted(run, number, "GROUP_SERVICE", "COST_SHARE")),
            422,
            "UNPROCESSABLE");
    assertThat(mixed.jsonPath().getList("errors.pointer"))
        .containsExactly("/tenants/1/billingMode", "/tenants/2/billingMode");
    answered(200, load(modes.formatted(run, number, "GROUP_SERVICE", "GROUP_SERVICE")));

    Response edited =
        refused(
            patch(new Tenant("", run + "-b"), 1, "'billingMode': 'SHOWBACK'"),
            422,
            "UNPROCESSABLE");

    assertThat(edited.jsonPath().getString("errors[0].pointer")).isEqualTo("/billingMode");
    assertThat(edited.jsonPath().getString("errors[0].detail"))
        .isEqualTo(
            "%s-a is billed as GROUP_SERVICE; tenants of business number %s have one billing account, which has one billing mode"
                .formatted(run, number));
    answered(200, load(modes.formatted(run, number, "COST_SHARE", "COST_SHARE")));
    String shares = ", 'sharesAccountWith': '%s-a'".formatted(run);
    Response outside =
        refused(open(OUTSIDE.formatted(slug("modeslab"), number, shares)), 422, "UNPROCESSABLE");
    assertThat(outside.jsonPath().getList("errors.pointer")).containsOnly("/billingMode");
  }

  @Test
  void approvesNoApplicationThatWouldMixBillingModes() {
    String run = slug("applied");
    String number = BusinessNumbers.of(run);
    answered(
        200,
        load(
            """
            {'tenants': [
              {'slug': '%1$s', 'name': 'House', 'kind': 'GROUP'},
              {'slug': '%1$s-a', 'name': 'Company', 'kind': 'SUBSIDIARY', 'parent': '%1$s',
               'billingMode': 'COST_SHARE', 'businessNumber': '%2$s'}]}"""
                .formatted(run, number)));
    String application =
        answered(
                201,
                json(
                        withKey(withEmail(run + "-kim", run + "-kim@example.com", true)),
                        """
                        {'slug': '%1$s-out', 'name': 'Lab', 'kind': 'EXTERNAL',
                         'segment': 'STARTUP', 'billingMode': 'EXTERNAL',
                         'businessNumber': '%2$s', 'project': 'lab',
                         'contacts': {'billing': {'email': 'ap@example.com'}}}"""
                            .formatted(run, number))
                    .post("/tenant-applications"))
            .jsonPath()
            .getString("id");

    Response refused =
        refused(
            json(
                    admin().header("If-Match", "\"1\""),
                    "{'note': 'One company.', 'sharesAccountWith': '%s-a'}".formatted(run))
                .post("/admin/tenant-applications/" + application + "/approve"),
            422,
            "UNPROCESSABLE");

    assertThat(refused.jsonPath().getList("errors.pointer")).containsExactly("/billingMode");
  }

  private static Response open(String body) {
    return json(withKey(admin()), body).post("/admin/tenants");
  }

  private static Response load(String body) {
    return json(admin(), body).post("/admin/imports/tenants");
  }

  private static Response patch(Tenant tenant, int version, String fields) {
    return json(admin().header("If-Match", "\"" + version + "\""), "{" + fields + "}")
        .patch("/admin/tenants/" + tenant.slug());
  }
}
