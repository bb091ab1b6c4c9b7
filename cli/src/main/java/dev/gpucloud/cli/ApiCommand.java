package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command that talks to the API: connection, output format and the printing of results. */
abstract class ApiCommand implements Callable<Integer> {
  @Mixin private final Connection connection = new Connection();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table, json or yaml (default: table).")
  private OutputFormat format = OutputFormat.table;

  private final CliContext context;
  private @Nullable ApiClient api;

  ApiCommand(CliContext context) {
    this.context = context;
    connection.attach(context);
  }

  abstract ExitCode run();

  @Override
  public final Integer call() {
    ExitCode code = run();
    terminal().out().flush();
    return code.code();
  }

  CliContext context() {
    return context;
  }

  Terminal terminal() {
    return context.terminal();
  }

  Connection connection() {
    return connection;
  }

  ApiClient api() {
    if (api == null) {
      api = connection.api();
    }
    return api;
  }

  /** Acts on a thing as it is now; fails with REFUSED when somebody changes it meanwhile. */
  JsonNode act(String thing, String action, @Nullable JsonNode body) {
    String version = api().get(thing).header("ETag");
    return api().send("POST", thing + "/" + action, body, Map.of("If-Match", version)).body();
  }

  /** As {@link #act} for what only a list shows. */
  JsonNode actOnListed(String list, String id, String thing, String action) {
    for (JsonNode item : api().list(list).path("items")) {
      if (item.path("id").asText().equals(id)) {
        String version = "\"" + item.path("version").asText() + "\"";
        return api().send("POST", thing + "/" + action, null, Map.of("If-Match", version)).body();
      }
    }
    throw new CliException(ExitCode.NOT_FOUND, "There is no " + id + " here.");
  }

  /** Puts a value that was given. */
  static void put(ObjectNode body, String field, @Nullable String value) {
    if (value != null) {
      body.put(field, value);
    }
  }

  boolean printsTable() {
    return format == OutputFormat.table;
  }

  /** Prints the data, or the text made of it when tables are wanted. */
  void print(JsonNode data, Function<JsonNode, String> table) {
    terminal()
        .out()
        .print(
            switch (format) {
              case table -> table.apply(data);
              case json -> Json.pretty(data);
              case yaml -> Json.yaml(data);
            });
    terminal().out().flush();
  }

  /** A line for the person, beside the results. */
  void say(String line) {
    terminal().err().println(line);
    terminal().err().flush();
  }

  /** How results are printed; named as typed. */
  enum OutputFormat {
    table,
    json,
    yaml
  }
}
