package dev.gpucloud.cli.rate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gpucloud.billing.metering.engine.EventLog;
import dev.gpucloud.billing.metering.engine.Scope;
import dev.gpucloud.billing.metering.engine.Shape;
import dev.gpucloud.billing.metering.engine.UsageEvent;
import dev.gpucloud.billing.metering.engine.UsageEvent.Kind;
import dev.gpucloud.contracts.id.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Fills in what events leave out: an event of a run takes it from the one before it (a stop says
 * neither shape nor project). Only events that count are taken from: neither what has not arrived
 * or is held, nor another payload under a known id.
 */
final class FilledEvents {
  private static final String HOST_UNREACHABLE = "HOST_UNREACHABLE";
  private static final int MOST_GPUS = 1_000_000;
  private static final List<String> PROJECT = List.of("projectId", "projectSlug");
  private static final List<String> SHAPE =
      List.of("gpus", "gpuModel", "instanceType", "migProfile", "purchaseClass", "region");
  private static final Comparator<EventLine> IN_SEQUENCE =
      Comparator.comparing(EventLine::instance)
          .thenComparingLong(EventLine::sequence)
          .thenComparing(EventLine::at)
          .thenComparing(EventLine::source)
          .thenComparing(EventLine::id)
          .thenComparingInt(EventLine::number);

  /** The types that say something of usage. */
  static final Map<String, Kind> KINDS =
      Map.of(
          "instance.started", Kind.STARTED,
          "instance.moved", Kind.MOVED,
          "instance.resized", Kind.RESIZED,
          "instance.stopped", Kind.STOPPED);

  private final Names names;
  private final Violations violations;
  private final Map<String, ObjectNode> lastOfRun = new HashMap<>();
  private final Map<String, EventLine> firstOfRun = new HashMap<>();
  private final Map<String, EventLine> stopOfRun = new HashMap<>();
  private final Map<String, TenantId> tenantOfRun = new HashMap<>();

  FilledEvents(Names names, Violations violations) {
    this.names = names;
    this.violations = violations;
  }

  /** The events in the order of their lines. */
  List<UsageEvent> of(List<EventLine> lines, Instant arrivedBy, @Nullable Instant businessNow) {
    Set<EventLine.Identity> known = new HashSet<>();
    Set<EventLine> counted = new HashSet<>();
    lines.stream()
        .sorted(Comparator.comparing(EventLine::arrivedAt))
        .filter(line -> known.add(line.identity()))
        .filter(line -> !line.arrival(businessNow).isAfter(arrivedBy))
        .filter(
            line -> businessNow == null || !line.at().isAfter(businessNow.plus(EventLog.TOLERANCE)))
        .forEach(counted::add);
    lines.forEach(this::declareProject);
    Map<Integer, UsageEvent> events = new HashMap<>();
    lines.stream()
        .sorted(IN_SEQUENCE)
        .forEach(
            line -> events.put(line.number(), event(line, counted.contains(line), businessNow)));
    List<UsageEvent> inOrder = new ArrayList<>();
    lines.forEach(line -> inOrder.add(Objects.requireNonNull(events.get(line.number()))));
    return inOrder;
  }

  /** Notes what a line leaves open by itself, which something else is wrong with. */
  void alone(EventLine line) {
    event(line, false, null);
    saysWhatChanged(line, kind(line));
  }

  private UsageEvent event(EventLine line, boolean isCounted, @Nullable Instant businessNow) {
    String run = line.run();
    Kind kind = kind(line);
    boolean metered = kind != Kind.OTHER;
    if (metered && run.isEmpty()) {
      violations.add(line.where() + " /data/runId", "must be given");
    }
    ObjectNode full = line.data().deepCopy();
    ObjectNode before = lastOfRun.get(run);
    if (before != null) {
      inherit(full, before);
    }
    String pointer = line.where() + " /data";
    var data =
        new Fields(
            full, pointer, before == null ? violations : violations.of(pointer, line.data()));
    boolean complete = metered && !run.isEmpty() && (before != null || kind == Kind.STARTED);
    Scope scope = complete ? scope(data) : null;
    if (metered && isCounted && (before != null || kind == Kind.STARTED)) {
      lastOfRun.put(run, full);
    }
    if (metered && isCounted) {
      oneInstance(line);
      oneTenant(line, scope);
      startedOnce(line, kind);
      saysWhatChanged(line, kind);
    }
    return new UsageEvent(
        line.source(),
        line.id(),
        List.of(line.type(), line.instance(), line.sequence(), line.at(), line.data()),
        names.instance(line.instance()),
        full.path("instanceName").asText(line.instance()),
        line.sequence(),
        kind,
        line.at(),
        line.arrival(businessNow),
        metered && !run.isEmpty() ? names.run(run) : null,
        scope,
        complete ? shape(data) : null);
  }

  /** A line that has id and slug tells what a slug alone means. */
  private void declareProject(EventLine line) {
    var data = new Fields(line.data(), "", new Violations(""));
    TenantId tenant = names.tenant(data.textOrNull("tenantId"), data.textOrNull("tenantSlug"));
    String project = data.textOrNull("projectId");
    String slug = data.textOrNull("projectSlug");
    if (tenant != null && project != null && slug != null) {
      names.project(tenant, project, slug);
    }
  }

  private static Kind kind(EventLine line) {
    Kind kind = KINDS.getOrDefault(line.type(), Kind.OTHER);
    boolean lost = line.data().path("reason").asText("").equals(HOST_UNREACHABLE);
    return kind == Kind.STOPPED && lost ? Kind.LOST : kind;
  }

  private void oneInstance(EventLine line) {
    EventLine first = firstOfRun.putIfAbsent(line.run(), line);
    if (first != null && !first.instance().equals(line.instance())) {
      violations.add(
          line.where() + " /data/runId",
          "is a run of instance " + first.instance() + " (" + first.where() + ")");
    }
  }

  /** A stop ends a run for good, so that the time until a start after it is not billed. */
  private void startedOnce(EventLine line, Kind kind) {
    if (kind == Kind.STOPPED || kind == Kind.LOST) {
      stopOfRun.putIfAbsent(line.run(), line);
    } else if (kind == Kind.STARTED && stopOfRun.containsKey(line.run())) {
      violations.add(
          line.where() + " /data/runId",
          "is a run that stopped (%s): a start after a stop opens a new run, with an id of its own"
              .formatted(stopOfRun.get(line.run()).where()));
    }
  }

  /** What a change leaves out would stay as it was: one that says nothing of it is a mistake. */
  private void saysWhatChanged(EventLine line, Kind kind) {
    if (kind == Kind.MOVED && PROJECT.stream().noneMatch(line.data()::hasNonNull)) {
      violations.add(
          line.where() + " /data/projectSlug", "must be given, or projectId: where it moved to");
    }
    if (kind == Kind.RESIZED && SHAPE.stream().noneMatch(line.data()::hasNonNull)) {
      violations.add(line.where() + " /data/gpus", "must be given: what it has from then on");
    }
  }

  private void oneTenant(EventLine line, @Nullable Scope scope) {
    if (scope == null) {
      return;
    }
    TenantId first = tenantOfRun.putIfAbsent(line.run(), scope.tenantId());
    if (first != null && !first.equals(scope.tenantId()) && names.isDeclared(first)) {
      violations.add(
          line.where() + " /data/tenantSlug",
          "must be the tenant of the run: a run moves within its tenant");
    }
  }

  /**
   * A project or tenant that is named by id or slug alone is not mixed with the one before; what
   * has a number of GPUs and no profile is whole GPUs.
   */
  private static void inherit(ObjectNode full, ObjectNode before) {
    boolean namesProject = full.has("projectId") || full.has("projectSlug");
    boolean namesTenant = full.has("tenantId") || full.has("tenantSlug");
    boolean countsGpus = full.has("gpus");
    for (Map.Entry<String, JsonNode> field : before.properties()) {
      boolean own =
          namesProject && isOfProject(field.getKey())
              || namesTenant && field.getKey().startsWith("tenant")
              || countsGpus && field.getKey().equals("migProfile");
      if (!own) {
        full.putIfAbsent(field.getKey(), field.getValue());
      }
    }
  }

  private static boolean isOfProject(String field) {
    return field.startsWith("project") || field.equals("costCenter");
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
        names.project(tenant, project, slug),
        slug == null ? Objects.requireNonNull(project) : slug,
        data.textOrNull("costCenter"));
  }

  private static Shape shape(Fields data) {
    String mig = data.textOrNull("migProfile");
    int gpus = data.integer("gpus", 1);
    boolean isMissing = mig == null && !data.has("gpus");
    if (isMissing || gpus < (mig == null ? 1 : 0)) {
      data.wrong("gpus", "must be 1 or more");
    }
    if (gpus > MOST_GPUS) {
      data.wrong("gpus", "must be at most " + MOST_GPUS);
    }
    if (mig != null && !data.has("instanceType")) {
      data.wrong("instanceType", "must be given beside migProfile");
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
