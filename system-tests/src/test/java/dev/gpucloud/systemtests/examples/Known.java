package dev.gpucloud.systemtests.examples;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is there, by the path below which it is found, latest first. */
final class Known {
  private static final Pattern VARIABLE = Pattern.compile("\\{([A-Za-z]+)}");

  private final Map<String, SequencedSet<String>> values = new TreeMap<>();

  /** A template with these values for its variables, in order. */
  static String filled(String template, String... values) {
    Matcher variable = VARIABLE.matcher(template);
    var path = new StringBuilder();
    for (String value : values) {
      if (!variable.find()) {
        throw new AssertionError(template + " has less than " + values.length + " variables");
      }
      variable.appendReplacement(path, Matcher.quoteReplacement(encoded(value)));
    }
    if (variable.find()) {
      throw new AssertionError(template + " has more than " + values.length + " variables");
    }
    return variable.appendTail(path).toString();
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** These values are there, and come first from now on. */
  void learn(String template, String... given) {
    Matcher variable = VARIABLE.matcher(template);
    for (int i = 0; i < given.length && variable.find(); i++) {
      String before = template.substring(0, variable.start());
      String prefix = filled(before, java.util.Arrays.copyOf(given, i));
      at(prefix, variable.group(1)).addFirst(given[i]);
    }
  }

  /** What a list shows is there, for the paths that go on below it. */
  void learn(Declared declared, String template, String path, JsonNode answer) {
    JsonNode items = answer.isArray() ? answer : answer.path("items");
    for (String name : declared.variablesBelow(template)) {
      for (JsonNode item : items) {
        for (String field : List.of(name, name + "Id", "id", "slug", "code", "name")) {
          if (item.path(field).isValueNode() && !item.path(field).asText().isEmpty()) {
            at(path + "/", name).add(item.path(field).asText());
            break;
          }
        }
      }
    }
  }

  private SequencedSet<String> at(String prefix, String name) {
    return values.computeIfAbsent(prefix + name, ignored -> new LinkedHashSet<>());
  }

  /** Paths of a template to what is there, the best first. */
  List<String> paths(String template) {
    List<String> paths = List.of("");
    int from = 0;
    Matcher variable = VARIABLE.matcher(template);
    while (variable.find()) {
      String literal = template.substring(from, variable.start());
      List<String> longer = new ArrayList<>();
      for (String path : paths) {
        at(path + literal, variable.group(1))
            .forEach(value -> longer.add(path + literal + encoded(value)));
      }
      paths = longer;
      from = variable.end();
    }
    String rest = template.substring(from);
    return paths.stream().map(path -> path + rest).toList();
  }
}
