package dev.gpucloud.devstack.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/** The reference scenario: sites, deliveries, tenants, catalogue and prices, as data. */
public final class Scenario {
  private static final String RESOURCE = "/scenario/sk-scenario.yaml";

  private final JsonNode content;

  Scenario(JsonNode content) {
    this.content = content;
  }

  /** The scenario that comes with the product. */
  public static Scenario load() throws IOException {
    try (InputStream yaml = Scenario.class.getResourceAsStream(RESOURCE)) {
      return new Scenario(new YAMLMapper().readTree(yaml));
    }
  }

  /** Where the business clock begins. */
  public Instant startsAt() {
    return OffsetDateTime.parse(content.required("startsAt").asText()).toInstant();
  }

  public List<String> sites() {
    return texts("sites", "id");
  }

  public List<String> tenants() {
    return texts("tenants", "slug");
  }

  JsonNode section(String name) {
    return content.required(name);
  }

  private List<String> texts(String section, String field) {
    List<String> texts = new ArrayList<>();
    content.required(section).forEach(entry -> texts.add(entry.required(field).asText()));
    return texts;
  }
}
