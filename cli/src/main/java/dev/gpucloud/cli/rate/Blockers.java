package dev.gpucloud.cli.rate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gpucloud.billing.metering.engine.EventLog.Metered;
import dev.gpucloud.billing.metering.engine.RunUsage;
import dev.gpucloud.billing.metering.engine.UsageEvent;
import dev.gpucloud.billing.statement.engine.Statement;
import dev.gpucloud.cli.Json;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.TenantId;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What must be cleared, or waived by a second person, before the month of the account may be
 * closed. What is known to be another account's, or of a later month, does not count; a tenant that
 * no account pays for may be anybody's.
 */
final class Blockers {
  private final Names names;
  private final Statement statement;
  private final Metered metered;
  private final Set<TenantId> paidFor;
  private final Map<InstanceId, TenantId> tenants = new HashMap<>();
  private final ArrayNode list = Json.MAPPER.createArrayNode();

  /**
   * @param paidFor the tenants of all accounts there are
   */
  Blockers(Names names, Statement statement, Metered metered, Set<TenantId> paidFor) {
    this.names = names;
    this.statement = statement;
    this.metered = metered;
    this.paidFor = paidFor;
    metered
        .runs()
        .forEach(
            run -> tenants.put(run.instanceId(), run.intervals().getFirst().scope().tenantId()));
  }

  ArrayNode toJson() {
    gaps();
    estimatedEnds();
    events();
    strangers();
    return list;
  }

  private void gaps() {
    metered.gaps().stream()
        .filter(gap -> isOurs(gap.instance()) && isInTime(gap.since()))
        .filter(gap -> gap.after() > 0 || tenants.containsKey(gap.instance()))
        .forEach(
            gap ->
                add("SEQUENCE_GAP")
                    .put("instanceId", names.of(gap.instance().value()))
                    .put("after", gap.after())
                    .put("before", gap.before()));
    metered.shared().stream()
        .filter(shared -> isOurs(shared.instance()) && isInTime(shared.since()))
        .forEach(
            shared ->
                add("SEQUENCE_SHARED")
                    .put("instanceId", names.of(shared.instance().value()))
                    .put("sequence", shared.sequence()));
    metered.unstarted().forEach(event -> ofRun("NO_START", event));
    metered.early().forEach(event -> ofRun("STOP_BEFORE_START", event));
  }

  private void ofRun(String kind, UsageEvent event) {
    if (isOurs(event) && isInTime(event.at())) {
      ObjectNode json = add(kind).put("instanceId", names.of(event.instance().value()));
      if (event.run() != null) {
        json.put("runId", names.of(event.run().value()));
      }
      json.put("at", event.at().toString());
    }
  }

  private void estimatedEnds() {
    for (RunUsage run : metered.runs()) {
      boolean concerns =
          isOurs(run.instanceId())
              && run.touches(statement.month().start(), statement.month().end());
      if (concerns && run.isEndEstimated()) {
        add("ESTIMATED_END").put("runId", names.of(run.runId().value()));
      }
    }
  }

  private void events() {
    metered.quarantined().stream()
        .filter(this::isOurs)
        .forEach(e -> add("OTHER_PAYLOAD").put("source", e.source()).put("id", e.id()));
    metered.held().stream()
        .filter(this::isOurs)
        .forEach(e -> add("HELD").put("id", e.id()).put("at", e.at().toString()));
  }

  /** Usage is never dropped: somebody must pay for every tenant that used something. */
  private void strangers() {
    Set<String> strangers = new TreeSet<>();
    for (RunUsage run : metered.runs()) {
      TenantId tenant = run.intervals().getFirst().scope().tenantId();
      if (!paidFor.contains(tenant)
          && run.touches(statement.month().start(), statement.month().end())) {
        strangers.add(names.of(tenant.value()));
      }
    }
    strangers.forEach(tenant -> add("NO_ACCOUNT").put("tenant", tenant));
  }

  private ObjectNode add(String kind) {
    return list.addObject().put("kind", kind);
  }

  private boolean isInTime(Instant at) {
    return at.isBefore(statement.month().end());
  }

  private boolean isOurs(UsageEvent event) {
    return event.scope() == null ? isOurs(event.instance()) : isOurs(event.scope().tenantId());
  }

  private boolean isOurs(InstanceId instance) {
    TenantId tenant = tenants.get(instance);
    return tenant == null || isOurs(tenant);
  }

  private boolean isOurs(TenantId tenant) {
    return statement.account().tenants().containsKey(tenant);
  }
}
