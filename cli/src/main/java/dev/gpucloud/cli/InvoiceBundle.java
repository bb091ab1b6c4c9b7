package dev.gpucloud.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gpucloud.client.Call;
import dev.gpucloud.client.api.FinanceApi;
import dev.gpucloud.verifier.Bundle;
import java.nio.charset.StandardCharsets;

/** An invoice with all that it is recomputed from, as the lines of one file that are chained. */
final class InvoiceBundle {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private final StringBuilder lines = new StringBuilder();
  private String head = Bundle.START;

  InvoiceBundle(ApiClient api, String invoice) {
    JsonNode shown = read(api, FinanceApi.financeInvoicesResourceShow(invoice));
    String tenant = Fields.first(shown, "tenant.slug", "tenant.id");
    String month = shown.path("month").asText();
    add("format", Bundle.FORMAT);
    text(shown).lines().forEach(line -> add("invoice", line));
    text(read(api, FinanceApi.exportsResourcePrices()))
        .lines()
        .forEach(line -> add("prices", line));
    text(api, FinanceApi.exportsResourceEvents().tenant(tenant).month(month))
        .lines()
        .forEach(line -> add("event", line));
    add("end", invoice);
  }

  private void add(String name, String text) {
    head = Bundle.link(head, name, text);
    lines.append(head).append(' ').append(name).append(' ').append(text).append('\n');
  }

  private static String text(ApiClient api, Call<Call.Nothing, ?> call) {
    return new String(api.download(call), StandardCharsets.UTF_8);
  }

  private static JsonNode read(ApiClient api, Call<Call.Nothing, ?> call) {
    try {
      return JSON.readTree(text(api, call));
    } catch (JsonProcessingException e) {
      throw new CliException(ExitCode.UNAVAILABLE, "The server's answer is not JSON.");
    }
  }

  private static String text(JsonNode node) {
    try {
      return JSON.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  byte[] content() {
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** The hash of the last line. */
  String head() {
    return head;
  }
}
