package dev.gpucloud.cli.rate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gpucloud.billing.metering.engine.EventLog;
import dev.gpucloud.cli.rate.Documents.UnreadableException;
import dev.gpucloud.contracts.id.RunId;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * CloudEvents in structured mode, one a line, as the product exports them; in any order. Where two
 * lines have one source and id, the one that arrived first counts, and the upper one where neither
 * says when it arrived.
 */
final class EventsFile {
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final String file;
  private final Names names;
  private final Violations violations;
  private final List<EventLine> lines = new ArrayList<>();
  private final List<EventLine> wrongLines = new ArrayList<>();
  private final Map<EventLine.Identity, EventLine> lastUndated = new HashMap<>();
  private final List<Sign> signs = new ArrayList<>();
  private final Map<String, Integer> unread = new TreeMap<>();

  private EventsFile(String file, Names names) {
    this.file = file;
    this.names = names;
    this.violations = new Violations(file);
  }

  /** A run was seen alive until then; {@code arrivedAt} is null where the line says no time. */
  private record Sign(String run, Instant aliveThrough, @Nullable Instant arrivedAt) {}

  static EventsFile read(Path file, Names names) {
    var reader = new EventsFile(file.getFileName().toString(), names);
    try {
      List<String> texts = Files.readAllLines(file, StandardCharsets.UTF_8);
      for (int i = 0; i < texts.size(); i++) {
        String text = texts.get(i);
        if (i == 0 && text.startsWith(BYTE_ORDER_MARK)) {
          text = text.substring(1);
        }
        if (!text.isBlank()) {
          reader.line(i + 1, text);
        }
      }
    } catch (MalformedInputException e) {
      reader.violations.add("", "is not UTF-8 text");
    } catch (IOException e) {
      reader.violations.add("", "cannot be read: " + e.getMessage());
    }
    reader.putInOrder();
    // what is wrong with single lines, and what those that are right leave open, is said at once
    var filled = new FilledEvents(names, reader.violations);
    filled.of(reader.lines, Instant.MAX, null);
    reader.wrongLines.forEach(filled::alone);
    reader.violations.byLine();
    reader.violations.orThrow();
    return reader;
  }

  private void putInOrder() {
    names.inOrder("instance", lines.stream().map(EventLine::instance).toList());
    names.inOrder("run", lines.stream().map(EventLine::run).toList());
    names.inOrder(
        "project",
        lines.stream()
            .flatMap(line -> Stream.of("projectId", "projectSlug").map(line::said))
            .filter(text -> !text.isEmpty())
            .toList());
  }

  /**
   * What the events come to as known from what had arrived by an instant.
   *
   * @param businessNow the business clock, for which events that are too far ahead are held; null
   *     when nothing is to be held
   * @throws BadFileException when an event does not say enough together with those before it
   */
  EventLog.Metered metered(Instant arrivedBy, @Nullable Instant businessNow) {
    var problems = new Violations(file);
    var events = new FilledEvents(names, problems).of(lines, arrivedBy, businessNow);
    problems.orThrow();
    return new EventLog(events, aliveThrough(arrivedBy, businessNow))
        .metered(arrivedBy, businessNow);
  }

  private Map<RunId, Instant> aliveThrough(Instant arrivedBy, @Nullable Instant businessNow) {
    Map<RunId, Instant> alive = new HashMap<>();
    for (Sign sign : signs) {
      boolean ahead =
          businessNow != null && sign.aliveThrough.isAfter(businessNow.plus(EventLog.TOLERANCE));
      boolean late = sign.arrivedAt != null && sign.arrivedAt.isAfter(arrivedBy);
      if (!ahead && !late) {
        alive.merge(names.run(sign.run), sign.aliveThrough, (a, b) -> a.isAfter(b) ? a : b);
      }
    }
    return alive;
  }

  /** How many events there are of types that say nothing of usage. */
  Map<String, Integer> unread() {
    return unread;
  }

  /** A line with something wrong is noted, and no other line goes by it. */
  private void line(int number, String text) {
    String where = "line " + number;
    JsonNode event;
    try {
      event = Documents.json(text);
    } catch (UnreadableException e) {
      violations.add(where, "is not JSON: " + e.why());
      return;
    }
    var f = new Fields(event, where + " ", violations);
    if (!event.isObject()) {
      return;
    }
    int before = violations.size();
    String type = f.text("type");
    JsonNode data = event.get("data");
    boolean hasData = data != null && data.isObject();
    if (!hasData) {
      f.wrong("data", "must be an object");
    }
    ObjectNode said = hasData ? (ObjectNode) data : JsonNodeFactory.instance.objectNode();
    if (type.equals("host.alive")) {
      alive(f, new Fields(said, where + " /data", violations));
      return;
    }
    if (type.startsWith("instance.")) {
      EventLine line = instance(number, f, type, said);
      if (violations.size() == before) {
        lines.add(line.receivedAt() == null ? afterAlikeLines(line) : line);
      } else if (hasData) {
        wrongLines.add(line);
      }
    }
    if (!FilledEvents.KINDS.containsKey(type)) {
      unread.merge(type, 1, Integer::sum);
    }
  }

  private void alive(Fields f, Fields data) {
    Instant received = f.startOrNull("receivedtime");
    Instant arrived = received == null ? f.startOrNull("time") : received;
    for (Fields run : data.list("runs")) {
      String id = run.text("runId");
      Instant through = run.start("aliveThrough");
      if (!id.isEmpty()) {
        signs.add(new Sign(id, through, arrived));
      }
    }
  }

  private EventLine instance(int number, Fields f, String type, ObjectNode data) {
    var d = new Fields(data, "line " + number + " /data", violations);
    String instance = Objects.requireNonNullElse(d.textOrNull("instanceId"), "");
    if (instance.isEmpty()) {
      instance = f.text("subject");
    }
    Instant time = f.startOrNull("time");
    Instant at = d.has("at") ? d.start("at") : time;
    if (at == null) {
      if (!f.has("time") && !d.has("at")) {
        f.wrong("time", "must be given, or data.at");
      }
      at = Instant.EPOCH;
    }
    Instant received = f.startOrNull("receivedtime");
    return new EventLine(
        number,
        Objects.requireNonNullElse(f.textOrNull("source"), ""),
        f.text("id"),
        type,
        instance,
        sequence(f),
        at,
        received,
        received != null ? received : time != null ? time : at,
        data);
  }

  /** Of lines of one identity that do not say when they arrived, an upper one arrived first. */
  private EventLine afterAlikeLines(EventLine line) {
    EventLine before = lastUndated.get(line.identity());
    EventLine placed = before == null ? line : line.notBefore(before.arrivedAt());
    lastUndated.put(line.identity(), placed);
    return placed;
  }

  private static long sequence(Fields f) {
    String text = f.text("sequence");
    try {
      long sequence = Long.parseLong(text);
      if (sequence < 1) {
        f.wrong("sequence", "must be 1 or more");
      }
      return sequence;
    } catch (NumberFormatException e) {
      if (!text.isEmpty()) {
        f.wrong("sequence", "must be a whole number");
      }
      return 1;
    }
  }
}
