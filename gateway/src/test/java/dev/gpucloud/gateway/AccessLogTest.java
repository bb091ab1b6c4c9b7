package dev.gpucloud.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AccessLogTest {
  private static final Instant AT = Instant.parse("2026-11-30T00:00:01.5Z");

  @Test
  void aLineIsOneObjectWhateverIsAskedFor() throws Exception {
    String line = line("G\"ET", "/api/v1/\"},{\"x\":\n\u0001한").json();

    assertThat(line).doesNotContain("\n");
    JsonNode read = new ObjectMapper().readTree(line);
    assertThat(read.path("timestamp").asText()).isEqualTo("2026-11-30T00:00:01.500Z");
    assertThat(read.path("loggerName").asText()).isEqualTo("gpucloud.access");
    assertThat(read.path("method").asText()).isEqualTo("G\"ET");
    assertThat(read.path("path").asText()).isEqualTo("/api/v1/\"},{\"x\":\n\u0001한");
    assertThat(read.path("status").asInt()).isEqualTo(200);
    assertThat(read.path("micros").asLong()).isEqualTo(1_234);
    assertThat(read.path("bytes").asLong()).isEqualTo(17);
    assertThat(read.path("subject").asText()).isEqualTo("kim");
  }

  @Test
  void peopleReadItInOneLine() {
    assertThat(line("GET", "/api/v1/me"))
        .hasToString(
            "GET /api/v1/me 200 1.234ms out=17 upstream=tenant-service sub=kim request=r trace=t");
  }

  private static AccessLog.Line line(String method, String path) {
    return new AccessLog.Line(
        AT, method, path, 200, 1_234_567, 17, "tenant-service", "kim", "r", "t");
  }
}
