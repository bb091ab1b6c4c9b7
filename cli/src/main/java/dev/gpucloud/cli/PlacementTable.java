package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gpucloud.client.api.ClustersApi;
import dev.gpucloud.client.model.CreateClusterRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Would it fit, and if not, what stands against it and what would: the answer as tables. */
final class PlacementTable {
  private static final Set<String> EXPLAINED = Set.of("INSUFFICIENT_CAPACITY", "QUOTA_EXCEEDED");
  private static final Columns CONSTRAINTS =
      new Columns().text("CONSTRAINT", "constraint").number("HOSTS LOST", "removedHosts");

  private PlacementTable() {}

  /** Asks and prints; what does not fit ends as it would if it were created. */
  static ExitCode ask(ApiCommand command, String project, CreateClusterRequest wanted) {
    var call = ClustersApi.placementResourceAsk(project).validateOnly(true);
    try {
      JsonNode fits = command.api().post(call, wanted, ApiClient.newIdempotencyKey()).body();
      return command.showAll(fits);
    } catch (ApiProblem problem) {
      if (!EXPLAINED.contains(problem.code())) {
        throw problem;
      }
      ObjectNode refused = Json.object().put("fits", false);
      refused.put("code", problem.code()).put("detail", problem.body().path("detail").asText());
      problem
          .body()
          .path("params")
          .properties()
          .forEach(p -> refused.set(p.getKey(), p.getValue()));
      command.print(refused, why -> text(why, command.terminal()));
      return ExitCode.REFUSED;
    }
  }

  private static String text(JsonNode why, Terminal terminal) {
    StringBuilder text = new StringBuilder();
    text.append(Fields.text(why, "code")).append(": ").append(Fields.text(why, "detail"));
    text.append('\n');
    if (!why.path("constraints").isEmpty()) {
      text.append('\n').append(CONSTRAINTS.table(why.path("constraints"), terminal));
    }
    if (!why.path("alternatives").isEmpty()) {
      Table table = new Table().left("INSTEAD").left("WHAT");
      why.path("alternatives")
          .forEach(one -> table.row(Fields.text(one, "kind"), what(one, terminal)));
      text.append('\n').append(table.render(terminal));
    }
    return text.toString();
  }

  /** What comes at a time, as a sentence with the place and where the time comes from. */
  private static String what(JsonNode one, Terminal terminal) {
    String site = Fields.text(one, "site");
    return switch (Fields.text(one, "kind") + " " + Fields.text(one, "source")) {
      case "LATER MAINTENANCE_WINDOW" ->
          terminal
              .text("%s of it at %s from %s (Seoul), when maintenance ends")
              .formatted(Fields.text(one, "instances"), site, Fields.seoulTime(one, "at"));
      case "LATER DELIVERY" ->
          terminal
              .text("%s more GPUs at %s, a delivery due %s")
              .formatted(Fields.text(one, "gpus"), site, Fields.text(one, "due"));
      default -> fields(one);
    };
  }

  private static String fields(JsonNode alternative) {
    List<String> parts = new ArrayList<>();
    alternative
        .properties()
        .forEach(
            field -> {
              if (!field.getKey().equals("kind")) {
                parts.add(field.getKey() + " " + field.getValue().asText());
              }
            });
    return String.join(", ", parts);
  }
}
