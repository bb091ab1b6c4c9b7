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
  private static final Pattern EXAMPLE =
      Pattern.compile(
          "(?:--slug |tenants create |--business-number |\"businessNumber\": \"|\"slug\": \")"
              + "([0-9a-z][0-9a-z-]+)");
  private static final String OWNER = "6d1f8a52-3c7e-4b0a-9e53-0f2c1d7b8a90";

  @Test
  void everyRequestOfThePageIsAccepted() throws IOException {
    String company = slug("daon");
    open("{'slug': '%s-group', 'name': 'Daon', 'kind': 'GROUP'}".formatted(company));
    String page = read("docs/onboarding.md");
    List<MatchResult> requests =
        CURL.matcher(
                page.replace("daon-", company + "-")
                    .replace("sk-group", company + "-group")
                    .replace("000-00-00086", BusinessNumbers.of(company + "-robotics"))
                    .replace("000-00-00091", BusinessNumbers.of(company + "-materials")))
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

  @Test
  void namesNothingThatADevelopmentStackHasAlready() throws IOException {
    String scenario = read("dev-stack/src/main/resources/scenario/sk-scenario.yaml");

    List<String> names =
        EXAMPLE.matcher(read("docs/onboarding.md")).results().map(found -> found.group(1)).toList();

    assertThat(names).contains("000-00-00086", "daon-robotics", "daon-materials");
    assertThat(names)
        .noneMatch(name -> scenario.contains("slug: " + name + ","))
        .noneMatch(number -> scenario.contains('"' + number + '"'));
    assertThat(scenario).contains("slug: sk-group");
  }

  private static String read(String file) throws IOException {
    return Files.readString(Path.of(System.getProperty("gpucloud.root"), file));
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
