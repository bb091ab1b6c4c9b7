package dev.gpucloud.kit.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.gpucloud.contracts.id.TenantId;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OutboxRowTest {
  private static final UUID ID = UUID.fromString("0199f2a1-0000-7000-8000-000000000001");

  private static final List<String> NO_TRACE = Collections.singletonList(null);

  private final ObjectMapper json = withoutNulls();
  private final ObjectReader entries = json.readerForListOf(OutboxRow.Entry.class);

  private static ObjectMapper withoutNulls() {
    return new ObjectMapper().setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL);
  }

  private static OutboxEvent event(String topic, long sequence, Object data) {
    return new OutboxEvent(
        ID,
        topic,
        "key",
        "note.made",
        "subject",
        new TenantId(ID),
        sequence,
        Instant.parse("2026-11-02T00:00:00.250Z"),
        data);
  }

  private static Map<String, Object> data(String note) {
    return new TreeMap<>(
        Map.of(
            "amount",
            new BigDecimal("12345678901234567890.10"),
            "note",
            note,
            "within",
            Map.of("list", List.of(1, 2.50, true, "]}"))));
  }

  @Test
  void whatIsReadIsWhatWasToldCharacterByCharacter() throws Exception {
    Object first = data("한글, \"quoted\", a \\ and a\nline, {[");
    Object second = data("x".repeat(70_000));
    OutboxRow row =
        OutboxRow.of(
                json,
                List.of(event("t", 1, first), event("t", 2, second)),
                Arrays.asList("tr", null))
            .getFirst();

    List<OutboxRow.Entry> read = OutboxRow.entries(entries, row.text());

    assertThat(read)
        .extracting(OutboxRow.Entry::data)
        .containsExactly(json.writeValueAsString(first), json.writeValueAsString(second));
    assertThat(read.getFirst())
        .isEqualTo(
            new OutboxRow.Entry(
                ID,
                "key",
                "note.made",
                "subject",
                ID,
                1,
                "2026-11-02T00:00:00.250Z",
                "tr",
                json.writeValueAsString(first)));
    assertThat(read.getLast().traceparent()).isNull();
    assertThat(json.readTree(row.text()).get(0).get("data").get("note").asText()).startsWith("한글");
  }

  @Test
  void eventsOfATopicShareARow() {
    List<OutboxRow> rows =
        OutboxRow.of(
            json,
            List.of(event("b", 1, data("1")), event("a", 1, data("2")), event("b", 2, data("3"))),
            Arrays.asList(null, null, null));

    assertThat(rows).extracting(OutboxRow::topic).containsExactly("b", "a");
    assertThat(rows).extracting(OutboxRow::count).containsExactly(2, 1);
  }

  @Test
  void whatIsLongIsPackedIntoATenthAndReadAsItWas() {
    List<OutboxEvent> batch =
        IntStream.range(0, 64).mapToObj(n -> event("t", n, data("한글 " + n))).toList();
    OutboxRow row = OutboxRow.of(json, batch, Collections.nCopies(64, null)).getFirst();

    byte[] packed = row.packed().getBytes();

    assertThat(row.events()).isNull();
    assertThat(packed).hasSizeLessThan(row.text().length() / 10);
    assertThat(Packed.unpack(packed)).isEqualTo(row.text());
    assertThat(OutboxRow.entries(entries, Packed.unpack(packed))).hasSize(64);
  }

  @Test
  void whatIsShortIsText() {
    OutboxRow row = OutboxRow.of(json, List.of(event("t", 1, data("1"))), NO_TRACE).getFirst();

    assertThat(row.packed()).isNull();
    assertThat(row.events()).isEqualTo(row.text());
  }

  @Test
  void aPackedTextThatIsCutShortIsNotRead() {
    byte[] packed = Packed.pack("x".repeat(5_000).getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> Packed.unpack(Arrays.copyOf(packed, packed.length - 8)))
        .isInstanceOf(RuntimeException.class);
  }

  @Test
  void rowsOfVersionsThatQuotedTheDataAreRead() {
    String row =
        """
        [{"id": "%s", "key": "k", "type": "note.made", "subject": "s", "sequence": 1,
          "time": "2026-11-02T00:00:00Z", "data": "{\\"a\\":\\"\\\\n\\"}"}]"""
            .formatted(ID);

    assertThat(OutboxRow.entries(entries, row).getFirst().data()).isEqualTo("{\"a\":\"\\n\"}");
  }
}
