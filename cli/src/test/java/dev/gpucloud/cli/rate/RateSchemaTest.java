package dev.gpucloud.cli.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.gpucloud.contracts.time.BillingMonth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the schema of price books forbids is refused where it stands: each field of the examples.
 */
class RateSchemaTest {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Path DOCS =
      Path.of(Objects.requireNonNull(System.getProperty("gpucloud.root")), "docs", "rate");

  /** What no example has. */
  private static final String MORE =
      """
      accounts:
        - accountId: acme
          tenants: [{slug: acme, terms: [{effectiveFrom: 2026-01-01}]}]
          contracts: [{id: c, sku: a.b.c, tiers: {bands: [{priceKrw: 1}]}}]
          prepaid: [{id: p, balanceKrw: 2, payments: [{month: 2026-08, amountKrw: 1}]}]
          modes: [{month: 2026-08, mode: EXTERNAL}]
          closedMonths: [{month: 2026-08, closedAt: 2026-09-02}]
          estimatedEnds: [{month: 2026-08, runId: r, aliveThrough: 2026-08-31}]
      """;

  @TempDir Path folder;

  /** A field by its place in the schema, and where a book has it. */
  record Place(String name, JsonNode book, String pointer) {
    @Override
    public String toString() {
      return name;
    }

    private String parent() {
      return pointer.substring(0, pointer.lastIndexOf('/'));
    }

    private String field() {
      return pointer.substring(pointer.lastIndexOf('/') + 1);
    }

    private JsonNode with(@Nullable JsonNode value) {
      JsonNode copy = book.deepCopy();
      ObjectNode object = (ObjectNode) copy.at(parent());
      if (value == null) {
        object.remove(field());
      } else {
        object.set(field(), value);
      }
      return copy;
    }
  }

  static Stream<Place> places() throws IOException {
    Map<String, Place> found = new TreeMap<>();
    try (Stream<Path> folders = Files.list(DOCS.resolve("examples"))) {
      for (Path example : folders.sorted().toList()) {
        JsonNode book = YAML.readTree(Files.readString(example.resolve("prices.yaml")));
        collect(book, book, "", found);
      }
    }
    JsonNode more = YAML.readTree(MORE);
    collect(more, more, "", found);
    return found.values().stream();
  }

  private static void collect(
      JsonNode book, JsonNode at, String pointer, Map<String, Place> found) {
    for (Map.Entry<String, JsonNode> field : at.properties()) {
      String own = pointer + "/" + field.getKey();
      String name = own.replaceAll("/\\d+", "/*");
      found.putIfAbsent(name, new Place(name, book, own));
      collect(book, field.getValue(), own, found);
    }
    if (at.isArray()) {
      for (int i = 0; i < at.size(); i++) {
        collect(book, at.get(i), pointer + "/" + i, found);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("places")
  void aFieldThatMustBeThereIsRefusedWhenItIsMissing(Place place) throws IOException {
    refusedIfForbidden(place, place.with(null));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("places")
  void nullIsRefusedWhereAValueMustBe(Place place) throws IOException {
    if (isForbidden(place.with(null))) {
      refusedIfForbidden(place, place.with(NullNode.getInstance()));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("places")
  void aNumberIsRefusedWhereItIsNoTextEither(Place place) throws IOException {
    if (isForbidden(place.with(TextNode.valueOf("5")))) {
      refusedIfForbidden(place, place.with(IntNode.valueOf(5)));
    }
  }

  private static boolean isForbidden(JsonNode book) throws IOException {
    return !schema().validate(book).isEmpty();
  }

  private void refusedIfForbidden(Place place, JsonNode book) throws IOException {
    if (!isForbidden(book)) {
      return;
    }
    Path file = Files.writeString(folder.resolve("prices.yaml"), book.toString());
    BadFileException refused =
        catchThrowableOfType(
            BadFileException.class,
            () -> PriceBookFile.read(file, new Names(), BillingMonth.parse("2026-09")));
    assertThat(refused).as("a refusal").isNotNull();
    // what is waived has one of several names, so that none of them is missing by itself
    String where = place.name().contains("/waivers/") ? place.parent() : place.pointer();
    assertThat(refused.violations()).anySatisfy(v -> assertThat(v).startsWith(where));
  }

  /** Else an object whose fields must be there would be looked at by nobody. */
  @Test
  void theBooksHaveEveryFieldThatTheSchemaRequires() throws IOException {
    Set<String> required = new TreeSet<>();
    required("", YAML.readTree(Files.readString(DOCS.resolve("prices.schema.json"))), required);

    assertThat(required).isNotEmpty();
    assertThat(places().map(Place::name).toList()).containsAll(required);
  }

  private static void required(String name, JsonNode schema, Set<String> found) {
    schema.path("required").forEach(field -> found.add(name + "/" + field.asText()));
    schema
        .path("properties")
        .properties()
        .forEach(field -> required(name + "/" + field.getKey(), field.getValue(), found));
    if (schema.has("items")) {
      required(name + "/*", schema.path("items"), found);
    }
  }

  private static JsonSchema schema() throws IOException {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(Files.readString(DOCS.resolve("prices.schema.json")));
  }
}
