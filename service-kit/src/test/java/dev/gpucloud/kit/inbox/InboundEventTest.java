package dev.gpucloud.kit.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InboundEventTest {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private static InboundEvent read(String value) {
    var record =
        new ConsumerRecord<>(
            "test.things.v1", 0, 0, "thing", value.getBytes(StandardCharsets.UTF_8));
    Map.of(
            "ce_id", "1",
            "ce_source", "/things",
            "ce_type", "thing.made",
            "ce_subject", "thing",
            "ce_time", "2026-11-02T00:00:00Z",
            "ce_sequence", "7")
        .forEach((k, v) -> record.headers().add(k, v.getBytes(StandardCharsets.UTF_8)));
    return InboundEvent.read(record, "test.", JSON);
  }

  @Test
  void theDataIsWhatWasSent() {
    InboundEvent event = read("{ \"name\": \"가\",\"size\":1.10 }");

    assertThat(event.data()).isEqualTo("{ \"name\": \"가\",\"size\":1.10 }");
    assertThat(event.dataAs(JSON, JsonNode.class).get("name").asText()).isEqualTo("가");
    assertThat(event.topic()).isEqualTo("things.v1");
  }

  @Test
  void anEventThatWaitsIsReadAsItWas() throws Exception {
    InboundEvent event = read("{\"name\":\"\\\"a\\\"\",\"size\":[1,{\"b\":null}]}");

    String waiting = JSON.writeValueAsString(event);

    assertThat(JSON.readTree(waiting).get("data").get("size").get(0).asInt()).isEqualTo(1);
    assertThat(JSON.readValue(waiting, InboundEvent.class)).isEqualTo(event);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "{", "{\"a\":}", "{} {}", "[1,]", "not json"})
  void whatIsNoJsonIsPoison(String value) {
    assertThatThrownBy(() -> read(value)).isInstanceOf(PoisonEventException.class);
  }
}
