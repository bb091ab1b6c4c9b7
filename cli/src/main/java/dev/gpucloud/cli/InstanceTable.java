package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** Instances as text. */
final class InstanceTable {
  private InstanceTable() {}

  static String list(JsonNode instances, Terminal terminal) {
    Table table =
        new Table()
            .left("NAME")
            .left("STATE")
            .left("TYPE")
            .right("GPUS")
            .left("SITE")
            .left("CREATED (SEOUL)")
            .left("ID");
    for (JsonNode instance : instances.path("items")) {
      String state = Fields.text(instance, "state");
      table.row(
          Fields.text(instance, "name"),
          state,
          Fields.first(instance, "instanceType.id", "instanceType"),
          Fields.gpus(instance, "instanceType"),
          Fields.text(instance, "site"),
          Fields.seoulTime(instance, "createdAt"),
          Fields.text(instance, "id"));
      StateColour.of(state).ifPresent(table.styling(1));
    }
    return table.render(terminal);
  }

  static String one(JsonNode instance, Terminal terminal) {
    Table table = new Table().left("FIELD").left("VALUE");
    table.row("id", Fields.text(instance, "id"));
    table.row("name", Fields.text(instance, "name"));
    String state = Fields.text(instance, "state");
    table.row("state", state);
    StateColour.of(state).ifPresent(table.styling(1));
    row(table, "reason", Fields.text(instance, "reason"));
    table.row("type", Fields.first(instance, "instanceType.id", "instanceType"));
    table.row("gpus", Fields.gpus(instance, "instanceType"));
    table.row("project", Fields.first(instance, "project.slug", "project"));
    table.row("tenant", Fields.first(instance, "tenant.slug", "tenant"));
    table.row("site", Fields.text(instance, "site"));
    row(table, "host", Fields.text(instance, "host"));
    row(table, "image", Fields.text(instance, "image"));
    row(table, "resizing to", Fields.text(instance, "resizingTo"));
    row(table, "purchase class", Fields.text(instance, "purchaseClass"));
    table.row("created", Fields.seoulTime(instance, "createdAt"));
    row(table, "started", Fields.seoulTime(instance, "startedAt"));
    row(table, "stopped", Fields.seoulTime(instance, "stoppedAt"));
    row(table, "operation", Fields.text(instance, "operation"));
    row(table, "version", Fields.text(instance, "version"));
    return table.render(terminal);
  }

  private static void row(Table table, String name, String value) {
    if (!value.equals(Fields.NONE)) {
      table.row(name, value);
    }
  }
}
