package dev.gpucloud.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.gateway.fixture.FakeWorld;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Which answers are compressed, for whom. */
@QuarkusTest
@QuarkusTestResource(FakeWorld.class)
class CompressionIT extends EdgeCase {
  private HttpResponse<byte[]> compressed(String path, String accepted) throws Exception {
    return CLIENT.send(
        bearer(path, good()).header("Accept-Encoding", accepted).build(),
        BodyHandlers.ofByteArray());
  }

  private static String unpacked(byte[] body) throws IOException {
    try (var in = new GZIPInputStream(new ByteArrayInputStream(body))) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  @Test
  void compressesTextForWhoTakesIt() throws Exception {
    String path = "/api/v1/me?a=" + "y".repeat(4_000);

    HttpResponse<byte[]> answer = compressed(path, "gzip");

    assertThat(answer.headers().firstValue("Content-Encoding")).contains("gzip");
    assertThat(answer.headers().allValues("Vary")).contains("Accept-Encoding");
    assertThat(answer.body().length).isLessThan(1_000);
    assertThat(new JsonObject(unpacked(answer.body())).getString("uri")).isEqualTo(path);
    HttpResponse<String> plain = send(bearer(path, good()));
    assertThat(plain.headers().firstValue("Content-Encoding")).isEmpty();
    assertThat(json(plain).getString("uri")).isEqualTo(path);
  }

  @Test
  void leavesSmallAnswersAndWhatIsNoTextAsTheyAre() throws Exception {
    HttpResponse<byte[]> small = compressed("/api/v1/operations/problem", "gzip");
    assertThat(small.headers().firstValue("Content-Encoding")).isEmpty();
    assertThat(new JsonObject(new String(small.body(), UTF_8)).getString("code"))
        .isEqualTo("QUOTA_EXCEEDED");
    HttpResponse<byte[]> large = compressed("/api/v1/operations/large", "gzip");
    assertThat(large.headers().firstValue("Content-Encoding")).isEmpty();
    assertThat(large.body()).hasSize(FakeWorld.LARGE_BYTES);
    HttpResponse<byte[]> problem = compressed("/api/v1/nothing-here", "gzip");
    assertThat(new JsonObject(new String(problem.body(), UTF_8)).getString("code"))
        .isEqualTo("NOT_FOUND");
  }

  @Test
  void namesNoEncodingOfABodyThatThereIsNot() throws Exception {
    HttpResponse<String> answer = send(request("/problems").HEAD());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().map()).doesNotContainKey("content-encoding");
  }
}
