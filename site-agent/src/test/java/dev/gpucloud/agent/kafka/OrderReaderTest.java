package dev.gpucloud.agent.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.gpucloud.agent.engine.Order;
import dev.gpucloud.agent.fixture.Orders;
import dev.gpucloud.agent.kafka.OrderReader.Reading;
import dev.gpucloud.contracts.event.VolumeOrderFact;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderReaderTest {
  private final ObjectMapper json =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();
  private final OrderReader reader = new OrderReader(json);
  private final Orders orders = Orders.of(1, 1, 1);

  @Test
  void readsAnOrderWithItsContext() throws IOException {
    Order order = orders.running(3);

    assertThat(reader.read(message(order, _ -> {}))).isEqualTo(new Reading.Readable(order));
  }

  @Test
  void takesTheEventTimeWhenTheOrderStatesNone() throws IOException {
    ConsumerRecord<String, byte[]> message =
        message(orders.running(3), data -> data.remove("issuedAt"));
    assertThat(reader.read(message)).isEqualTo(new Reading.Unreadable("INVALID_TIME"));

    header(message, "ce_time", "2026-11-02T00:00:05Z");
    assertThat(reader.read(message))
        .isInstanceOfSatisfying(
            Reading.Readable.class,
            read -> assertThat(read.order().issuedAt()).isEqualTo("2026-11-02T00:00:05Z"));
  }

  @Test
  void ignoresFieldsOfLaterVersions() throws IOException {
    assertThat(reader.read(message(orders.running(3), data -> data.put("later", 1))))
        .isInstanceOf(Reading.Readable.class);
  }

  @ParameterizedTest
  @CsvSource({
    "hostId, hst_00000000-0000-0001-0000-000000000009, KEY_MISMATCH",
    "hostId, nonsense, MALFORMED",
    "desired, PAUSED, UNKNOWN_DESIRED",
    "slots, xyz, INVALID_SLOTS",
    "slots, 1ffffffffffffffff, INVALID_SLOTS",
    "orderSequence, many, MALFORMED",
    "issuedAt, yesterday, MALFORMED"
  })
  void saysWhyItCannotRead(String field, String value, String reason) throws IOException {
    assertThat(reader.read(message(orders.running(3), data -> data.put(field, value))))
        .isEqualTo(new Reading.Unreadable(reason));
  }

  @ParameterizedTest
  @CsvSource({"hostId", "instanceId", "runId", "desired", "slots"})
  void rejectsAMissingField(String field) throws IOException {
    assertThat(reader.read(message(orders.running(3), data -> data.remove(field))))
        .isEqualTo(new Reading.Unreadable("MISSING_FIELD"));
  }

  @ParameterizedTest
  @CsvSource({
    "volumeId, vol_00000000-0000-0005-0000-000000000009, KEY_MISMATCH",
    "volumeId, nonsense, MALFORMED",
    "desired, PRESENT, UNKNOWN_DESIRED",
    "issuedAt, , MISSING_FIELD",
    "later, 1, "
  })
  void readsThatAVolumeShallBeGoneOrSaysWhyItCannot(String field, String value, String reason)
      throws IOException {
    VolumeOrderFact order = Orders.absentVolume(7, 1);
    ObjectNode data = json.valueToTree(order);
    data.put(field, value);
    ConsumerRecord<String, byte[]> message =
        new ConsumerRecord<>("t", 0, 0, order.volumeId().toString(), json.writeValueAsBytes(data));
    header(message, "ce_type", "volume.ordered");

    assertThat(reader.read(message))
        .isEqualTo(
            reason == null ? new Reading.ReadableVolume(order) : new Reading.Unreadable(reason));
  }

  @Test
  void rejectsOtherTypesAndEmptyRecords() {
    String host = orders.hostId().toString();
    assertThat(reader.read(new ConsumerRecord<>("t", 0, 0, host, new byte[0])))
        .isEqualTo(new Reading.Unreadable("UNKNOWN_TYPE"));
    ConsumerRecord<String, byte[]> tombstone = new ConsumerRecord<>("t", 0, 0, host, null);
    header(tombstone, "ce_type", "order.issued");
    assertThat(reader.read(tombstone)).isEqualTo(new Reading.Unreadable("NO_DATA"));
  }

  private ConsumerRecord<String, byte[]> message(Order order, Consumer<ObjectNode> change)
      throws IOException {
    ObjectNode data = json.valueToTree(order.fact());
    change.accept(data);
    ConsumerRecord<String, byte[]> message =
        new ConsumerRecord<>("t", 0, 0, orders.hostId().toString(), json.writeValueAsBytes(data));
    header(message, "ce_type", "order.issued");
    header(message, "ce_tenantid", order.tenantId());
    header(message, "traceparent", order.traceparent());
    return message;
  }

  private static void header(ConsumerRecord<String, byte[]> message, String name, String value) {
    message.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
