package dev.gpucloud.systemtests.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** Ids of things that exist, by the place in a path where they stand, so that requests get deep. */
final class Harvest {
  private static final Map<String, List<String>> GIVEN =
      Map.of(
          "tenant", List.of("hanbit-robotics"),
          "project", List.of("hanbit-robotics.isaac-training"),
          "projectSlugOrId", List.of("isaac-training"),
          "month", List.of("2026-10", "2026-11", "2026-12"),
          "day", List.of("2026-11-02", "2026-11-30"));
  private static final int KEPT = 5;

  private final Map<String, List<String>> found;

  private Harvest(Map<String, List<String>> found) {
    this.found = found;
  }

  static Harvest none() {
    return new Harvest(Map.of());
  }

  /** Reads each list of the document once; {@code read} answers null for what cannot be had. */
  static Harvest of(ApiDocument document, BiFunction<Operation, String, Optional<JsonNode>> read) {
    Harvest harvest = new Harvest(new HashMap<>());
    document.operations().stream()
        .filter(operation -> operation.method().equals("GET"))
        .sorted(Comparator.comparingInt(operation -> operation.path().length()))
        .forEach(operation -> harvest.add(document, operation, read));
    return harvest;
  }

  /** What may stand for a parameter after this beginning of a path template. */
  List<String> of(String prefix, String name) {
    List<String> given = GIVEN.get(name);
    return given == null ? found.getOrDefault(prefix + "|" + name, List.of()) : given;
  }

  private void add(
      ApiDocument document,
      Operation list,
      BiFunction<Operation, String, Optional<JsonNode>> read) {
    List<String> names =
        document.operations().stream()
            .map(Operation::path)
            .filter(path -> path.startsWith(list.path() + "/{"))
            .map(path -> path.substring(list.path().length() + 2))
            .map(rest -> rest.substring(0, rest.indexOf('}')))
            .distinct()
            .filter(name -> !GIVEN.containsKey(name))
            .toList();
    Optional<String> path = names.isEmpty() ? Optional.empty() : filled(list.path());
    path.flatMap(at -> read.apply(list, at))
        .ifPresent(
            answer ->
                names.forEach(name -> found.put(list.path() + "|" + name, ids(answer, name))));
  }

  private static List<String> ids(JsonNode answer, String name) {
    JsonNode items = answer.isArray() ? answer : answer.path("items");
    List<String> ids = new ArrayList<>();
    for (JsonNode item : items) {
      for (String field : List.of(name, name + "Id", "id", "slug", "code", "name")) {
        if (item.path(field).isValueNode() && ids.size() < KEPT) {
          ids.add(item.path(field).asText());
          break;
        }
      }
    }
    return List.copyOf(ids);
  }

  private Optional<String> filled(String template) {
    List<String> segments = new ArrayList<>();
    List<String> prefix = new ArrayList<>();
    for (String segment : template.split("/")) {
      if (segment.startsWith("{")) {
        List<String> real =
            of(String.join("/", prefix), segment.substring(1, segment.length() - 1));
        if (real.isEmpty()) {
          return Optional.empty();
        }
        segments.add(real.getFirst());
      } else {
        segments.add(segment);
      }
      prefix.add(segment);
    }
    return Optional.of(String.join("/", segments));
  }
}
