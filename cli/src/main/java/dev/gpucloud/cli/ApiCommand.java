package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gpucloud.client.Call;
import dev.gpucloud.client.Document;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
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
      description = "table, json, yaml or csv (default: table).")
  private OutputFormat format = OutputFormat.table;

  private final CliContext context;
  private @Nullable ApiClient api;
  private @Nullable Watch watch;

  ApiCommand(CliContext context) {
    this.context = context;
    connection.attach(context);
  }

  abstract ExitCode run();

  @Override
  public final Integer call() {
    ExitCode code = watch == null ? run() : watch.over(this::run);
    terminal().out().flush();
    return status(code);
  }

  /** What the process ends with. */
  int status(ExitCode code) {
    return code.code();
  }

  /** Has the command go on looking, so many seconds apart. */
  final void watchEvery(double seconds) {
    watch = new Watch(terminal(), seconds);
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

  /** A POST that needs no body, as a new request. */
  JsonNode post(Call<Call.Nothing, ?> call) {
    return api().post(call, null, ApiClient.newIdempotencyKey()).body();
  }

  /** Acts on a thing as it is now; fails with REFUSED when somebody changes it meanwhile. */
  <B> JsonNode act(Call<Call.Nothing, ?> thing, Call<B, ?> action, @Nullable B body) {
    return api().act(thing, action, body, ApiClient.newIdempotencyKey()).body();
  }

  /** As {@link #act} for what only a list shows. */
  JsonNode actOnListed(Call<Call.Nothing, ?> list, String id, Call<Call.Nothing, ?> action) {
    Map<String, String> version = ifMatch(listed(list, "id", id));
    return api().send(action, null, version).body();
  }

  /** Changes a thing as it is now by a merge patch, which must say something. */
  <P extends Document> JsonNode change(Call<Call.Nothing, ?> seen, Call<P, ?> change, P patch) {
    if (patch.isEmpty()) {
      throw new CliException(ExitCode.USAGE, "Say what to change; see --help.");
    }
    String version = api().get(seen).header("ETag");
    return api().send(change, patch, Map.of("If-Match", version)).body();
  }

  /** What a list has under a name. */
  JsonNode listed(Call<Call.Nothing, ?> list, String field, String name) {
    for (JsonNode item : api().list(list).path("items")) {
      if (item.path(field).asText().equals(name)) {
        return item;
      }
    }
    throw new CliException(ExitCode.NOT_FOUND, "There is no " + name + " here.");
  }

  /** The header that refuses a change of anything but what was seen. */
  static Map<String, String> ifMatch(JsonNode seen) {
    return Map.of("If-Match", "\"" + seen.path("version").asText() + "\"");
  }

  /** Puts a value that was given. */
  static void put(ObjectNode body, String field, @Nullable String value) {
    if (value != null) {
      body.put(field, value);
    }
  }

  /** Says a value that was given; {@code none} takes away what there was. */
  static void putOrClear(@Nullable String value, Consumer<String> put, Runnable clear) {
    if ("none".equals(value)) {
      clear.run();
    } else if (value != null) {
      put.accept(value);
    }
  }

  /** Puts a value that was given; {@code none} takes away what there was. */
  static void putOrClear(ObjectNode patch, String field, @Nullable String value) {
    if ("none".equals(value)) {
      patch.putNull(field);
    } else {
      put(patch, field, value);
    }
  }

  boolean isJson() {
    return format == OutputFormat.json;
  }

  boolean printsTable() {
    return format == OutputFormat.table;
  }

  /** Prints a list by its columns. */
  ExitCode show(JsonNode list, Columns columns) {
    print(list, all -> columns.table(all.path("items"), terminal()));
    return ExitCode.OK;
  }

  /** Prints one thing by the columns of its list. */
  ExitCode showOne(JsonNode thing, Columns columns) {
    print(thing, one -> columns.one(one, terminal()));
    return ExitCode.OK;
  }

  /** Prints everything that is known of one thing. */
  ExitCode showAll(JsonNode thing) {
    print(thing, one -> Sheet.of(one, terminal()));
    return ExitCode.OK;
  }

  /** Prints the data, or the text made of it when tables are wanted. */
  void print(JsonNode data, Function<JsonNode, String> table) {
    print(data, "items", table);
  }

  /** As {@link #print(JsonNode, Function)}; {@code rows} names the list whose rows CSV has. */
  void print(JsonNode data, String rows, Function<JsonNode, String> table) {
    String text =
        switch (format) {
          case table -> table.apply(data);
          case json -> Json.pretty(data);
          case yaml -> Json.yaml(data);
          case csv -> Csv.of(data.path(rows).isArray() ? data.path(rows) : data);
        };
    if (watch == null) {
      terminal().out().print(text);
      terminal().out().flush();
    } else {
      watch.show(text);
    }
  }

  /** A line for the person, beside the results; {@code %s} stands for each value. */
  void say(String line, Object... values) {
    terminal().err().println(values.length == 0 ? terminal().text(line) : text(line, values));
    terminal().err().flush();
  }

  /** The text in the caller's language with the values in it. */
  String text(String english, Object... values) {
    return terminal().text(english).formatted(values);
  }

  /** How results are printed; named as typed. */
  enum OutputFormat {
    table,
    json,
    yaml,
    csv
  }
}
