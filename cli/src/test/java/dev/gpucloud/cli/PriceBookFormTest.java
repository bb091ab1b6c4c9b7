package dev.gpucloud.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The schema of price books that are imported: what the service takes it allows. */
class PriceBookFormTest {
  private static final Path ROOT =
      Path.of(Objects.requireNonNull(System.getProperty("gpucloud.root")));
  private static final Path DOCS = ROOT.resolve("docs/prices");
  private static final YAMLMapper YAML = new YAMLMapper();

  private static JsonSchema schema() throws IOException {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(Files.readString(DOCS.resolve("price-book.schema.json")));
  }

  private static JsonNode book(Path file) throws IOException {
    return YAML.readTree(Files.readString(file));
  }

  @Test
  void allowsTheExampleAndTheScenario() throws IOException {
    assertThat(schema().validate(book(DOCS.resolve("example.yaml")))).isEmpty();
    Path scenario = ROOT.resolve("dev-stack/src/main/resources/scenario/sk-scenario.yaml");
    assertThat(schema().validate(book(scenario))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "b200-sxm-180g: 7200 | b200-sxm-180g: -1",
        "mode: GRADUATED | mode: STEPS",
        "upToHours: 1000 | upToHours: 0",
        "priceKrw: 3900 | price: 3900",
        "preemptiblePct: 40 | preemptiblePct: 140",
        "months12 | year",
        "ACADEMIA: 30 | FRIENDS: 30",
        "effectiveFrom | from",
        "priceBook: | prices:",
        "region: kr-seoul | at: kr-seoul"
      })
  void forbidsWhatTheServiceRefuses(String from, String to) throws IOException {
    String example = Files.readString(DOCS.resolve("example.yaml"));
    assertThat(example).contains(from);
    assertThat(schema().validate(YAML.readTree(example.replace(from, to)))).isNotEmpty();
  }
}
