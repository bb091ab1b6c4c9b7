package dev.gpucloud.tenant;

import static dev.gpucloud.tenant.fixture.Api.admin;
import static dev.gpucloud.tenant.fixture.Api.answered;
import static dev.gpucloud.tenant.fixture.Api.as;
import static dev.gpucloud.tenant.fixture.Api.json;
import static dev.gpucloud.tenant.fixture.Api.slug;
import static dev.gpucloud.tenant.fixture.Api.withKey;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.tenant.fixture.BusinessNumbers;
import dev.gpucloud.tenant.fixture.TenantService;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the onboarding page sends with curl is what this service takes. */
@TenantService
class OnboardingPageIT {
  private static final Pattern CURL =
      Pattern.compile("curl \"\\$API(/[^\"]+)\".*?<<'JSON'\n(.*?)\nJSON", Pattern.DOTALL);
  private static final String OWNER = "6d1f8a52-3c7e-4b0a-9e53-0f2c1d7b8a90";

  @Test
  void everyRequestOfThePageIsAccepted() throws IOException {
    String company = slug("hanbit");
    open("{'slug': '%s-group', 'name': 'Hanbit', 'kind': 'GROUP'}".formatted(company));
    String page =
        Files.readString(Path.of(System.getProperty("gpucloud.root"), "docs/onboarding.md"));
    List<MatchResult> requests =
        CURL.matcher(
                page.replace("hanbit-", company + "-")
                    .replace("000-00-00048", BusinessNumbers.of(company + "-robotics"))
                    .replace("000-00-00053", BusinessNumbers.of(company + "-materials")))
            .results()
            .toList();

    assertThat(requests).hasSize(3);
    for (MatchResult request : requests) {
      boolean platform = request.group(1).startsWith("/admin/");
      Response answer = post(platform ? admin() : as(OWNER), request.group(1), request.group(2));
      assertThat(answer.statusCode()).describedAs(answer.asString()).isEqualTo(201);
      if (platform) {
        awaitOwner(answer);
      }
    }
  }

  private static void awaitOwner(Response opened) {
    String owner =
        opened.jsonPath().getString("kind").equals("EXTERNAL")
            ? OWNER
            : "7e2a9b63-4d8f-4c1b-8f64-1a3d2e8c9ba1";
    answered(200, as(owner).get("/tenants/" + opened.jsonPath().getString("slug")));
  }

  private static void open(String body) {
    Response answer = json(withKey(admin()), body).post("/admin/tenants");
    assertThat(answer.statusCode()).describedAs(answer.asString()).isEqualTo(201);
  }

  private static Response post(RequestSpecification caller, String path, String body) {
    return withKey(caller).contentType("application/json").body(body).post(path);
  }
}
