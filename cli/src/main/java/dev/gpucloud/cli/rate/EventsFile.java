package dev.gpucloud.cli.rate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gpucloud.billing.metering.engine.EventLog;
import dev.gpucloud.billing.metering.engine.Scope;
import dev.gpucloud.billing.metering.engine.Shape;
import dev.gpucloud.billing.metering.engine.UsageEvent;
import dev.gpucloud.billing.metering.engine.UsageEvent.Kind;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.id.TenantId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * CloudEvents in structured mode, one a line, as the product exports them; in any order. An event
 * of a run that leaves something out (a stop says neither shape nor project) takes it from the one
 * before it.
 */
final class EventsFile {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);
  private static final String HOST_UNREACHABLE = "HOST_UNREACHABLE";
  private static final Map<String, Kind> KINDS =
      Map.of(
          "instance.started", Kind.STARTED,
          "instance.moved", Kind.MOVED,
          "instance.resized", Kind.RESIZED,
          "instance.stopped", Kind.STOPPED);

  private final Names names;
  private final Violations violations;
  private final List<Line> lines = new ArrayList<>();
  private final Map<RunId, Instant> aliveThrough = new HashMap<>();

  private EventsFile(Names names, Violations violations) {
    this.names = names;
    this.violations = violations;
  }

  /** An event before what it left out is filled in. */
  private record Line(
      String where,
      String source,
      String id,
      String type,
      String instance,
      long sequence,
      Instant at,
      Instant arrivedAt,
      ObjectNode data) {}

  static EventLog read(Path file, Names names) {
    var violations = new Violations(file.getFileName().toString());
    var reader = new EventsFile(names, violations);
    try {
      List<String> texts = Files.readAllLines(file, StandardCharsets.UTF_8);
      for (int i = 0; i < texts.size(); i++) {
        if (!texts.get(i).isBlank()) {
          reader.line("line " + (i + 1), texts.get(i));
        }
      }
    } catch (IOException e) {
      violations.add("", "cannot be read as UTF-8 text: " + e.getMessage());
    }
    violations.orThrow();
    List<UsageEvent> events = reader.events();
    violations.orThrow();
    return new EventLog(events, reader.aliveThrough);
  }

  private void line(String where, String text) {
    JsonNode event;
    try {
      event = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      violations.add(where, "is not JSON: " + e.getOriginalMessage());
      return;
    }
    var f = new Fields(event, where + " ", violations);
    String type = f.text("type");
    JsonNode data = event.get("data");
    if (data == null || !data.isObject()) {
      f.wrong("data", "must be an object");
      data = JSON.createObjectNode();
    }
    if (type.equals("host.alive")) {
      alive(new Fields(data, where + " /data", violations));
    } else if (type.startsWith("instance.")) {
      instance(where, f, type, (ObjectNode) data);
    }
  }

  private void alive(Fields data) {
    for (Fields run : data.list("runs")) {
      String id = run.text("runId");
      Instant through = run.start("aliveThrough");
      if (!id.isEmpty()) {
        aliveThrough.merge(names.run(id), through, (a, b) -> a.isAfter(b) ? a : b);
      }
    }
  }

  private void instance(String where, Fields f, String type, ObjectNode data) {
    var d = new Fields(data, where + " /data", violations);
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
    Instant arrived = f.startOrNull("receivedtime");
    lines.add(
        new Line(
            where,
            Objects.requireNonNullElse(f.textOrNull("source"), ""),
            f.text("id"),
            type,
            instance,
            sequence(f),
            at,
            arrived == null ? (time == null ? at : time) : arrived,
            data));
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

  private List<UsageEvent> events() {
    Map<String, ObjectNode> lastOfRun = new HashMap<>();
    var events = new ArrayList<UsageEvent>();
    lines.stream()
        .sorted(Comparator.comparing(Line::instance).thenComparingLong(Line::sequence))
        .forEach(line -> events.add(event(line, lastOfRun)));
    return events;
  }

  private UsageEvent event(Line line, Map<String, ObjectNode> lastOfRun) {
    String run = line.data().path("runId").asText("");
    Kind kind = KINDS.getOrDefault(line.type(), Kind.OTHER);
    if (kind == Kind.STOPPED && line.data().path("reason").asText("").equals(HOST_UNREACHABLE)) {
      kind = Kind.LOST;
    }
    if (kind != Kind.OTHER && run.isEmpty()) {
      violations.add(line.where() + " /data/runId", "must be given");
    }
    ObjectNode full = line.data().deepCopy();
    ObjectNode before = lastOfRun.get(run);
    if (before != null) {
      inherit(full, before);
    }
    boolean metered = kind != Kind.OTHER;
    if (metered) {
      lastOfRun.put(run, full);
    }
    InstanceId instance = names.instance(line.instance());
    var data = new Fields(full, line.where() + " /data", violations);
    boolean known = metered && (before != null || kind == Kind.STARTED);
    return new UsageEvent(
        line.source(),
        line.id(),
        List.of(line.type(), line.sequence(), line.at(), line.data()),
        instance,
        full.path("instanceName").asText(line.instance()),
        line.sequence(),
        kind,
        line.at(),
        line.arrivedAt(),
        metered && !run.isEmpty() ? names.run(run) : null,
        known ? scope(data) : null,
        known ? shape(data) : null);
  }

  /** A project that is named by id or slug alone is not mixed with the one before. */
  private static void inherit(ObjectNode full, ObjectNode before) {
    boolean namesProject = full.has("projectId") || full.has("projectSlug");
    for (Map.Entry<String, JsonNode> field : before.properties()) {
      if (!namesProject || !field.getKey().startsWith("project")) {
        full.putIfAbsent(field.getKey(), field.getValue());
      }
    }
  }

  private @Nullable Scope scope(Fields data) {
    TenantId tenant = names.tenant(data.textOrNull("tenantId"), data.textOrNull("tenantSlug"));
    String project = data.textOrNull("projectId");
    String slug = data.textOrNull("projectSlug");
    if (tenant == null) {
      data.wrong("tenantSlug", "must be given, or tenantId");
    }
    if (project == null && slug == null) {
      data.wrong("projectSlug", "must be given, or projectId");
    }
    if (tenant == null || (project == null && slug == null)) {
      return null;
    }
    return new Scope(
        tenant,
        names.project(project == null ? Objects.requireNonNull(slug) : project),
        slug == null ? Objects.requireNonNull(project) : slug,
        data.textOrNull("costCenter"));
  }

  private static Shape shape(Fields data) {
    String mig = data.textOrNull("migProfile");
    int gpus = data.integer("gpus", mig == null ? 0 : 1);
    if (mig == null && gpus < 1) {
      data.wrong("gpus", "must be 1 or more");
    }
    String model = data.text("gpuModel");
    return new Shape(
        Objects.requireNonNullElse(data.textOrNull("instanceType"), model),
        model,
        gpus,
        mig,
        Objects.requireNonNullElse(data.textOrNull("site"), ""),
        data.text("region"),
        Objects.requireNonNullElse(data.textOrNull("purchaseClass"), "ON_DEMAND"));
  }
}
