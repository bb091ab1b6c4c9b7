package dev.gpucloud.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.gateway.fixture.FakeWorld;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The API's document while all services answer. */
@QuarkusTest
@QuarkusTestResource(FakeWorld.class)
@TestProfile(DocumentIT.AllServices.class)
class DocumentIT extends EdgeCase {
  /** The service that is dead elsewhere lives. */
  public static final class AllServices implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("gpucloud.gateway.billing-url", "${gpucloud.tenant.url}");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s", "W/%s", "\"other\", %s", "*"})
  void isNotSentAgainToWhoHasIt(String known) throws Exception {
    HttpResponse<String> document = send(request("/openapi"));
    assertThat(document.statusCode()).isEqualTo(200);
    assertThat(json(document).getString("openapi")).isEqualTo("3.1.0");
    String tag = document.headers().firstValue("ETag").orElseThrow();
    assertThat(tag).matches("\"[0-9a-f]{32}\"");

    HttpResponse<String> same =
        send(request("/openapi").header("If-None-Match", known.formatted(tag)));

    assertThat(same.statusCode()).isEqualTo(304);
    assertThat(same.body()).isEmpty();
    assertThat(same.headers().firstValue("ETag")).contains(tag);
    assertThat(same.headers().firstValue("Cache-Control")).contains("no-cache");
    assertThat(same.headers().firstValue("X-Request-Id")).isPresent();
  }

  @Test
  void isSentToWhoHasAnother() throws Exception {
    HttpResponse<String> document =
        send(request("/openapi").header("If-None-Match", "\"0123456789abcdef\""));

    assertThat(document.statusCode()).isEqualTo(200);
    assertThat(json(document).containsKey("paths")).isTrue();
  }
}
