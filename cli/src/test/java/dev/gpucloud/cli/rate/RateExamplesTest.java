package dev.gpucloud.cli.rate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.gpucloud.cli.Json;
import dev.gpucloud.contracts.time.BillingMonth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each example of docs/rate comes to what it says, whatever the order of its events. */
class RateExamplesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path DOCS =
      Path.of(Objects.requireNonNull(System.getProperty("gpucloud.root")), "docs", "rate");

  @TempDir Path folder;

  static Stream<String> examples() throws IOException {
    try (Stream<Path> folders = Files.list(DOCS.resolve("examples"))) {
      return folders.map(f -> f.getFileName().toString()).sorted().toList().stream();
    }
  }

  private static JsonNode expected(String example) throws IOException {
    return JSON.readTree(Files.readString(file(example, "expected.json")));
  }

  private static Path file(String example, String name) {
    return DOCS.resolve("examples").resolve(example).resolve(name);
  }

  private static JsonNode rate(String example, Path events) throws IOException {
    return rate(example, file(example, "prices.yaml"), events);
  }

  private static JsonNode rate(String example, Path prices, Path events) throws IOException {
    JsonNode expected = expected(example);
    return JSON.readTree(
        RateRun.rate(
                prices,
                events,
                expected.path("account").asText(),
                BillingMonth.parse(expected.path("month").asText()),
                null)
            .toString());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("examples")
  void comesToWhatItSays(String example) throws IOException {
    JsonNode result = rate(example, file(example, "events.jsonl"));

    assertThat(differences("", expected(example), result)).isEmpty();
  }

  /** What {@code wanted} says and {@code found} does not; what else is there does not matter. */
  private static List<String> differences(String path, JsonNode wanted, JsonNode found) {
    var all = new ArrayList<String>();
    if (wanted.isObject()) {
      wanted
          .properties()
          .forEach(
              e ->
                  all.addAll(
                      differences(path + "/" + e.getKey(), e.getValue(), found.path(e.getKey()))));
    } else if (wanted.isArray()) {
      if (wanted.size() != found.size()) {
        all.add(path + " has " + found.size() + " items instead of " + wanted.size());
      }
      for (int i = 0; i < wanted.size(); i++) {
        all.addAll(differences(path + "/" + i, wanted.get(i), found.path(i)));
      }
    } else if (!wanted.equals(found)) {
      all.add(path + " is " + found + " instead of " + wanted);
    }
    return all;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("examples")
  void theOrderOfEventsAndRepeatedOnesChangeNothing(String example) throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(file(example, "events.jsonl")));
    JsonNode once = rate(example, file(example, "events.jsonl"));
    lines.addAll(List.copyOf(lines));

    for (long seed = 1; seed <= 5; seed++) {
      Collections.shuffle(lines, new Random(seed));
      Path shuffled = Files.write(folder.resolve("events-" + seed + ".jsonl"), lines);
      JsonNode again = rate(example, shuffled);
      assertThat(withoutCount(again)).as("seed %d", seed).isEqualTo(withoutCount(once));
    }
  }

  /** Neither how many events were repeated, nor which of them were set aside how often. */
  private static String withoutCount(JsonNode result) {
    var rest = (com.fasterxml.jackson.databind.node.ObjectNode) result.deepCopy();
    rest.remove(List.of("duplicateEvents", "blockers"));
    return rest.toString();
  }

  /** A later term may stand before an earlier one: the names of lines go by time. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("examples")
  void theOrderOfTermsChangesNoLine(String example) throws IOException {
    JsonNode book = new YAMLMapper().readTree(Files.readString(file(example, "prices.yaml")));
    for (JsonNode account : book.path("accounts")) {
      for (String list : List.of("contracts", "usageCommitments", "monthlyFees")) {
        if (account.path(list) instanceof ArrayNode terms) {
          List<JsonNode> turned = new ArrayList<>();
          terms.forEach(turned::addFirst);
          terms.removeAll().addAll(turned);
        }
      }
    }
    Path other = Files.writeString(folder.resolve("prices.yaml"), book.toString());

    assertThat(lines(rate(example, other, file(example, "events.jsonl"))))
        .isEqualTo(lines(rate(example, file(example, "events.jsonl"))));
  }

  private static List<String> lines(JsonNode result) {
    List<String> lines = new ArrayList<>();
    result.path("lines").forEach(line -> lines.add(line.toString()));
    return lines.stream().sorted().toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("examples")
  void linesAndRowsSumToTheDocument(String example) throws IOException {
    JsonNode result = rate(example, file(example, "events.jsonl"));

    long supply = 0;
    long vat = 0;
    for (JsonNode line : result.path("lines")) {
      supply += line.at("/supplyValue/amount").asLong();
      vat += line.at("/vat/amount").asLong();
    }
    assertThat(supply).isEqualTo(result.at("/supplyValue/amount").asLong());
    assertThat(vat).isEqualTo(result.at("/vat/amount").asLong());
    assertThat(supply + vat).isEqualTo(result.at("/total/amount").asLong());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("examples")
  void isWhatTheSchemasSay(String example) throws IOException {
    JsonNode book = new YAMLMapper().readTree(Files.readString(file(example, "prices.yaml")));
    assertThat(schema("prices.schema.json").validate(book)).isEmpty();

    JsonSchema event = schema("event.schema.json");
    for (String line : Files.readAllLines(file(example, "events.jsonl"))) {
      assertThat(event.validate(Json.MAPPER.readTree(line))).isEmpty();
    }
  }

  private static JsonSchema schema(String name) throws IOException {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(Files.readString(DOCS.resolve(name)));
  }
}
