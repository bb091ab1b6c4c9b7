package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Everything that is known of one thing, a field a line by its name in the API; times as Seoul's
 * clock has them. Rows inside it follow as a table of their own.
 */
final class Sheet {
  private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z");

  private Sheet() {}

  static String of(JsonNode thing, Terminal terminal) {
    Table table = new Table().left("FIELD").left("VALUE");
    List<String> below = new ArrayList<>();
    add("", thing, table, below, terminal);
    return table.render(terminal) + String.join("", below);
  }

  private static void add(
      String name, JsonNode node, Table table, List<String> below, Terminal terminal) {
    if (isMoney(node)) {
      table.row(name, Fields.grouped(node.path("amount").asText()) + " " + currency(node));
    } else if (node.isObject()) {
      String prefix = name.isEmpty() ? "" : name + ".";
      node.properties()
          .forEach(f -> add(prefix + f.getKey(), f.getValue(), table, below, terminal));
    } else if (node.isArray() && node.path(0).isObject()) {
      below.add("\n" + name + "\n" + rows(node, terminal));
    } else if (node.isArray()) {
      table.row(name, node.isEmpty() ? Fields.NONE : Json.joined(node));
    } else if (!node.isNull()) {
      table.row(name, value(node.asText()));
    }
  }

  private static boolean isMoney(JsonNode node) {
    return node.size() == 2 && node.has("amount") && node.has("currency");
  }

  private static String currency(JsonNode money) {
    return money.path("currency").asText();
  }

  private static String value(String text) {
    if (text.isEmpty()) {
      return Fields.NONE;
    }
    return TIME.matcher(text).matches()
        ? Fields.seoulTime(Json.object().put("at", text), "at")
        : text;
  }

  private static String rows(JsonNode rows, Terminal terminal) {
    List<String> names = new ArrayList<>();
    rows.forEach(
        row ->
            row.fieldNames()
                .forEachRemaining(
                    name -> {
                      if (!names.contains(name)) {
                        names.add(name);
                      }
                    }));
    Table table = new Table();
    names.forEach(table::left);
    for (JsonNode row : rows) {
      table.row(names.stream().map(name -> cell(row.path(name))).toArray(String[]::new));
    }
    return table.render(terminal);
  }

  private static String cell(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return Fields.NONE;
    }
    return value.isContainerNode() ? value.toString() : value(value.asText());
  }
}
