package dev.gpucloud.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.api.EventsApi;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "events",
    mixinStandardHelpOptions = true,
    description = {
      "What happens, as it happens, one line for each event; -o json prints one object a line.",
      "It goes on until it is broken off; --after goes on where one was, for 7 days."
    },
    footer = {"%nExample:", "  gpucloud events --types instance.*,invoice.issued"})
final class EventsCommand extends ApiCommand {
  private static final int REMEMBERED = 1000;
  private static final long BEFORE_AGAIN_MILLIS = 1000;
  private static final int TYPE_WIDTH = 28;

  @Option(
      names = "--types",
      paramLabel = "TYPES",
      description = "Only these types or families, commas between them: instance.*,invoice.issued")
  private @Nullable String types;

  @Option(
      names = {"-p", "--project"},
      paramLabel = "PROJECT",
      description = "Only of this project: prj_..., tenant.project, or a project of your tenant.")
  private @Nullable String project;

  @Option(
      names = "--after",
      paramLabel = "ID",
      description = "Go on after this event, as the last line of the run before says.")
  private @Nullable String after;

  @Option(names = "--limit", paramLabel = "N", description = "End after so many events.")
  private @Nullable Integer limit;

  private final Set<String> heard = Collections.newSetFromMap(new Remembered());
  private String id = "";
  private String event = "";
  private volatile String last = "";
  private volatile boolean isBegun;
  private boolean isGone;
  private int count;

  EventsCommand(CliContext context) {
    super(context);
  }

  @Override
  ExitCode run() {
    last = after == null ? "" : after;
    var call = EventsApi.eventStreamsListen().types(types).project(projectId());
    // whoever breaks it off is told too where to go on
    Runtime.getRuntime().addShutdownHook(new Thread(this::sayWhereToGoOn));
    try {
      while (isMoreWanted()) {
        Map<String, String> from = last.isEmpty() ? Map.of() : Map.of("Last-Event-ID", last);
        id = "";
        event = "";
        api().follow(call, from, this::line);
        rest();
      }
    } finally {
      sayWhereToGoOn();
    }
    return ExitCode.OK;
  }

  private synchronized void sayWhereToGoOn() {
    if (isBegun) {
      isBegun = false;
      say("To go on after this: --after %s", last);
    }
  }

  private @Nullable String projectId() {
    if (project == null) {
      return null;
    }
    if (project.startsWith("prj_")) {
      new Scopes(context(), api()).requireProject(project);
      return project;
    }
    return ProjectCommand.id(api(), new Scopes(context(), api()).project(project, null));
  }

  private boolean isMoreWanted() {
    return !isGone && (limit == null || count < limit);
  }

  private void rest() {
    if (isMoreWanted()) {
      try {
        Thread.sleep(BEFORE_AGAIN_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CliException(ExitCode.INTERNAL, "Interrupted.");
      }
    }
  }

  /** A line of the stream: id and data of an event, then an empty one that ends it. */
  private boolean line(String line) {
    if (line.startsWith("id: ")) {
      id = line.substring("id: ".length());
    } else if (line.startsWith("data: ")) {
      event = line.substring("data: ".length());
    } else if (line.isEmpty()) {
      end();
    }
    return isMoreWanted();
  }

  /** Only what came whole, and was written, needs not come again. */
  private void end() {
    if (!event.isEmpty()) {
      tell(Json.parseOrMissing(event));
    }
    if (!id.isEmpty()) {
      last = id;
      // nobody knows how far it was read if nobody reads on
      isBegun = !isGone;
    }
    id = "";
    event = "";
  }

  private void tell(JsonNode told) {
    if (heard.add(told.path("source").asText() + told.path("id").asText())) {
      count++;
      print(told);
      isGone = terminal().out().checkError();
    }
  }

  private void print(JsonNode told) {
    if (isJson()) {
      terminal().out().println(compact(told));
      terminal().out().flush();
    } else {
      print(told, EventsCommand::words);
    }
  }

  private static String compact(JsonNode told) {
    try {
      return Json.MAPPER.writeValueAsString(told);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String words(JsonNode told) {
    String type = Fields.text(told, "type");
    return Fields.seoulTime(told, "time")
        + "  "
        + type
        + " ".repeat(Math.max(0, TYPE_WIDTH - type.length()))
        + "  "
        + Fields.text(told, "subject")
        + "  "
        + Fields.first(told.path("data"), "state", "name", "reason")
        + "\n";
  }

  /** The events that were heard last, so that one that comes twice is told once. */
  private static final class Remembered extends LinkedHashMap<String, Boolean> {
    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
      return size() > REMEMBERED;
    }
  }
}
