package dev.gpucloud.verifier;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** What a line of an invoice is known by; {@code correctedMonth} is empty but for corrections. */
record LineKey(String category, String correctedMonth, String project, String sku, String version)
    implements Comparable<LineKey> {

  static LineKey of(JsonNode line) {
    String category = line.path("category").asText("USAGE");
    return new LineKey(
        category,
        category.equals("CORRECTION") ? line.required("originalMonth").asText() : "",
        line.path("project").path("id").asText(""),
        line.required("sku").asText(),
        line.required("priceVersion").asText());
  }

  static LineKey ofAccount(String category, String sku, String version) {
    return new LineKey(category, "", "", sku, version);
  }

  /** The line that corrects this one of a closed month. */
  LineKey correcting(String month) {
    return new LineKey("CORRECTION", month, project, sku, version);
  }

  boolean isCorrection() {
    return category.equals("CORRECTION");
  }

  boolean isUsage() {
    return category.equals("USAGE") || category.equals("OVERAGE");
  }

  @Override
  public int compareTo(LineKey o) {
    return toString().compareTo(o.toString());
  }

  @Override
  public String toString() {
    String key = project.isEmpty() ? sku + " " + version : project + " " + sku + " " + version;
    return switch (category) {
      case "USAGE" -> key;
      case "CORRECTION" -> "correction of " + correctedMonth + " " + key;
      default -> category.toLowerCase(Locale.ROOT).replace('_', ' ') + " of " + key;
    };
  }
}
