package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Answers as CSV: a line of names, then one line a row. A field of a field is named {@code a.b},
 * money is its amount, a list of words has spaces between them, any other list is JSON. Text that a
 * spreadsheet would take for a formula gets an apostrophe in front.
 */
final class Csv {
  private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]+(\\.[0-9]+)?");
  private static final String FORMULA = "=+-@\t";

  private Csv() {}

  /** The rows of an array, or the one that an object is. */
  static String of(JsonNode data) {
    List<Map<String, String>> rows = new ArrayList<>();
    for (JsonNode row : data.isArray() ? data : List.of(data)) {
      Map<String, String> fields = new LinkedHashMap<>();
      flatten("", row, fields);
      rows.add(fields);
    }
    Set<String> names = new LinkedHashSet<>();
    rows.forEach(row -> names.addAll(row.keySet()));
    if (names.isEmpty()) {
      return "";
    }
    return Stream.concat(
            Stream.of(line(names.stream())),
            rows.stream().map(row -> line(names.stream().map(n -> row.getOrDefault(n, "")))))
        .collect(Collectors.joining());
  }

  private static void flatten(String name, JsonNode node, Map<String, String> fields) {
    if (!node.isObject()) {
      fields.put(name.isEmpty() ? "value" : name, text(node));
    } else if (isMoney(node)) {
      fields.put(name.isEmpty() ? "amount" : name, node.path("amount").asText());
    } else {
      String prefix = name.isEmpty() ? "" : name + ".";
      node.properties().forEach(e -> flatten(prefix + e.getKey(), e.getValue(), fields));
    }
  }

  private static boolean isMoney(JsonNode node) {
    return node.size() == 2 && node.has("amount") && node.has("currency");
  }

  private static String text(JsonNode node) {
    if (!node.isArray()) {
      return node.isNull() ? "" : node.asText();
    }
    boolean words =
        StreamSupport.stream(node.spliterator(), false).noneMatch(JsonNode::isContainerNode);
    return words
        ? StreamSupport.stream(node.spliterator(), false)
            .map(JsonNode::asText)
            .collect(Collectors.joining(" "))
        : node.toString();
  }

  private static String line(Stream<String> fields) {
    return fields.map(Csv::quoted).collect(Collectors.joining(",", "", "\n"));
  }

  private static String quoted(String field) {
    boolean formula =
        !field.isEmpty()
            && FORMULA.indexOf(field.charAt(0)) >= 0
            && !NUMBER.matcher(field).matches();
    String safe = formula ? "'" + field : field;
    boolean needsQuotes =
        safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return needsQuotes ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
  }
}
