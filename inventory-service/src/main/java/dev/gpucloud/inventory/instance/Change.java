package dev.gpucloud.inventory.instance;

import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.InstanceFact;
import dev.gpucloud.contracts.event.OrderFact;
import dev.gpucloud.contracts.event.RunSetup;
import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.inventory.placement.engine.Slot;
import dev.gpucloud.kit.audit.AuditOrigin;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a step in an instance's life leaves behind beside the row: its events in sequence, an order
 * to the agent, and what became of its operation. All of it commits with the row.
 */
public final class Change {
  private final InstanceEntity instance;
  private final String actor;
  private final List<Event> events = new ArrayList<>();
  private final List<Addressed> orders = new ArrayList<>();
  private @Nullable BootFailure bootFailure;
  private @Nullable Slot kept;
  private @Nullable OperationEnd operationEnd;
  private @Nullable String traceparent;
  private @Nullable AuditOrigin origin;

  Change(InstanceEntity instance, String actor) {
    this.instance = instance;
    this.actor = actor;
  }

  /** One event of the instance. */
  public record Event(long sequence, String type, InstanceFact fact, Instant recordedAt) {}

  /** The instance's current operation has ended. */
  public record OperationEnd(boolean succeeded, @Nullable String reason) {
    String state() {
      return succeeded ? "SUCCEEDED" : "FAILED";
    }
  }

  /** An order and the site whose agent it is for. */
  record Addressed(String site, OrderFact order) {}

  /** A host did not boot the run. */
  public record BootFailure(HostId host, RunId run, String reason, Instant at) {}

  Change emit(String type, @Nullable String reason, Instant at) {
    events.add(new Event(instance.nextSequence(), type, instance.fact(reason, at), at));
    return this;
  }

  Change order(OrderFact order) {
    return order(order, instance.siteId());
  }

  Change order(OrderFact order, String site) {
    orders.add(new Addressed(site, order));
    return this;
  }

  Change failedToBoot(BootFailure failure) {
    bootFailure = failure;
    return this;
  }

  /** Of what it holds only this stays; the rest is proven scrubbed. */
  Change keeps(Slot slot) {
    kept = slot;
    return this;
  }

  Change endOperation(boolean succeeded, @Nullable String reason) {
    operationEnd = new OperationEnd(succeeded, reason);
    return this;
  }

  /** Its orders make an instance run that is given something beside its GPUs. */
  boolean wantsSetup() {
    return instance.equipped()
        && orders.stream().anyMatch(o -> o.order().desired().equals(OrderFact.RUNNING));
  }

  /** Fills in what the instance is given. */
  void give(@Nullable RunSetup setup) {
    orders.replaceAll(
        o ->
            o.order().desired().equals(OrderFact.RUNNING)
                ? new Addressed(o.site(), o.order().with(setup))
                : o);
  }

  /** It ends the instance. */
  boolean isTheEnd() {
    return events.stream().anyMatch(e -> e.type().equals(EventTypes.INSTANCE_DELETED));
  }

  /** Its events belong to the trace of the request that asked for it. */
  public Change tracedBy(@Nullable String trace) {
    traceparent = trace;
    return this;
  }

  @Nullable String traceparent() {
    return traceparent;
  }

  /** Who asked for it, when it commits outside the request. */
  public Change askedBy(@Nullable AuditOrigin by) {
    origin = by;
    return this;
  }

  @Nullable AuditOrigin origin() {
    return origin;
  }

  public InstanceEntity instance() {
    return instance;
  }

  public String actor() {
    return actor;
  }

  public List<Event> events() {
    return events;
  }

  public List<OrderFact> orders() {
    return orders.stream().map(Addressed::order).toList();
  }

  List<Addressed> addressedOrders() {
    return orders;
  }

  public @Nullable BootFailure bootFailure() {
    return bootFailure;
  }

  /** What stays of what the instance holds; null when nothing is given up. */
  public @Nullable Slot kept() {
    return kept;
  }

  public @Nullable OperationEnd operationEnd() {
    return operationEnd;
  }
}
