package dev.gpucloud.billing.export;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.account.AccountRepository;
import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.billing.statement.StatementService;
import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.access.References;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hibernate.reactive.mutiny.Mutiny;

/** Raw events as structured CloudEvents, in the order of instance and sequence. */
@ApplicationScoped
class EventsExport {
  private static final String EVENTS =
      """
      select e.event_id, e.source, e.type, cast(e.instance_id as text), millis(e.time),
             cast(e.tenant_id as text), e.sequence, cast(e.data as text), millis(e.received_at)
      from instance_event e
      where e.run_id in (
        select r.run_id from run r
        where r.tenant_id = any (cast(string_to_array(?1, ',') as uuid[]))
          and r.started_at < ?3
          and (r.ended_at is null or r.ended_at > ?2 or r.started_at >= ?2))
      order by e.instance_id, e.sequence\
      """;

  /** Signs of life that were heard of after an invoice had taken an earlier one for the last. */
  private static final String LATER_SIGNS =
      """
      select distinct cast(h.run_id as text), millis(h.alive_through), millis(h.heard_at)
      from invoice_estimate e join invoice i on i.id = e.invoice_id
        join run_heartbeat h on h.run_id = e.run_id and h.alive_through > e.alive_through
      where i.month = any (string_to_array(?2, ',')) and i.account_id in (
        select account_id from account_tenant
        where tenant_id = any (cast(string_to_array(?1, ',') as uuid[])))
      order by 1\
      """;

  /** Closed months that the account's invoice of a month corrects. */
  private static final String CORRECTED =
      """
      select distinct u.month from late_usage u join invoice i on i.id = u.invoice_id
      where i.month = ?2 and u.account_id in (
        select account_id from account_tenant
        where tenant_id = any (cast(string_to_array(?1, ',') as uuid[])))
      order by u.month\
      """;

  private final References references;
  private final AccountRepository accounts;
  private final StatementService statements;
  private final ObjectMapper json;

  EventsExport(
      References references,
      AccountRepository accounts,
      StatementService statements,
      ObjectMapper json) {
    this.references = references;
    this.accounts = accounts;
    this.statements = statements;
    this.json = json;
  }

  /** A CloudEvent in structured mode. */
  @JsonPropertyOrder({
    "specversion",
    "id",
    "source",
    "type",
    "subject",
    "time",
    "tenantid",
    "sequence",
    "receivedtime",
    "datacontenttype",
    "data"
  })
  record StructuredEvent(
      String specversion,
      String id,
      String source,
      String type,
      InstanceId subject,
      Instant time,
      TenantId tenantid,
      String sequence,
      Instant receivedtime,
      String datacontenttype,
      @JsonRawValue String data) {

    static StructuredEvent of(Row r) {
      return new StructuredEvent(
          "1.0",
          r.text(0),
          r.text(1),
          r.text(2),
          new InstanceId(r.uuid(3)),
          r.instant(4),
          new TenantId(r.uuid(5)),
          Long.toString(r.number(6)),
          r.instant(8),
          "application/json",
          r.text(7));
    }
  }

  /** Until when a run was seen alive, as a CloudEvent; heartbeats are kept as a maximum. */
  @JsonPropertyOrder({
    "specversion",
    "id",
    "source",
    "type",
    "time",
    "receivedtime",
    "datacontenttype",
    "data"
  })
  record AliveEvent(
      String specversion,
      String id,
      String source,
      String type,
      Instant time,
      Instant receivedtime,
      String datacontenttype,
      AliveRuns data) {

    static AliveEvent of(Row r) {
      var run = new RunId(r.uuid(0));
      return new AliveEvent(
          "1.0",
          "alive-" + run,
          "/billing-service",
          EventTypes.HOST_ALIVE,
          r.instant(2),
          r.instant(2),
          "application/json",
          new AliveRuns(List.of(new Alive(run, r.instant(1)))));
    }
  }

  /** What a sign of life says. */
  record AliveRuns(List<Alive> runs) {}

  /** A run that was seen alive. */
  record Alive(RunId runId, Instant aliveThrough) {}

  Uni<String> export(Mutiny.Session s, String tenant, BillingMonth month) {
    return references
        .findTenant(s, tenant)
        .map(
            found ->
                found.orElseThrow(() -> ProblemType.NOT_FOUND.because("There is no such tenant.")))
        .chain(
            ref ->
                accounts
                    .findByTenant(s, ref.id())
                    .chain(account -> events(s, ref.id(), account, month)));
  }

  /** The month, and before it those that its invoice corrects. */
  private static Uni<List<BillingMonth>> corrected(
      Mutiny.Session s, List<UUID> tenants, BillingMonth month) {
    return Rows.select(s, CORRECTED, Rows.param(tenants), month.toString())
        .map(
            rows ->
                Stream.concat(
                        rows.stream().map(r -> BillingMonth.parse(r.text(0))), Stream.of(month))
                    .toList());
  }

  private Uni<String> events(
      Mutiny.Session s, TenantId asked, Optional<Account> account, BillingMonth month) {
    List<UUID> own = account.map(a -> a.tenantIds()).orElse(List.of(asked.value()));
    return corrected(s, own, month)
        .chain(
            months ->
                pooled(s, account.stream().toList(), months)
                    .invoke(all -> all.addAll(own))
                    .chain(all -> events(s, all, months))
                    .chain(events -> laterSigns(s, own, months).map(r -> lines(events, r))));
  }

  private static Uni<List<Row>> laterSigns(
      Mutiny.Session s, List<UUID> tenants, List<BillingMonth> months) {
    return Rows.select(
        s,
        LATER_SIGNS,
        Rows.param(tenants),
        months.stream().map(BillingMonth::toString).collect(Collectors.joining(",")));
  }

  /** Whose usage counts together with the account's own for tiers in some of the months. */
  private Uni<Collection<UUID>> pooled(
      Mutiny.Session s, List<Account> account, List<BillingMonth> months) {
    Collection<UUID> all = new TreeSet<>();
    Uni<Void> done = Uni.createFrom().voidItem();
    for (BillingMonth month : months) {
      done =
          done.chain(() -> statements.tenants(s, account, month))
              .invoke(found -> found.values().forEach(all::addAll))
              .replaceWithVoid();
    }
    return done.replaceWith(all);
  }

  private static Uni<Collection<Row>> events(
      Mutiny.Session s, Collection<UUID> tenants, List<BillingMonth> months) {
    Map<String, Row> all = new LinkedHashMap<>();
    Uni<Void> done = Uni.createFrom().voidItem();
    for (BillingMonth month : months) {
      done =
          done.chain(
                  () ->
                      Rows.select(
                          s,
                          EVENTS,
                          Rows.param(tenants),
                          Rows.param(month.start()),
                          Rows.param(month.end())))
              .invoke(rows -> rows.forEach(r -> all.putIfAbsent(r.text(3) + r.text(6), r)))
              .replaceWithVoid();
    }
    return done.map(v -> all.values());
  }

  private String lines(Collection<Row> events, List<Row> laterSigns) {
    var lines = new StringBuilder();
    events.forEach(row -> lines.append(write(StructuredEvent.of(row))).append('\n'));
    laterSigns.forEach(row -> lines.append(write(AliveEvent.of(row))).append('\n'));
    return lines.toString();
  }

  private String write(Object event) {
    try {
      return json.writeValueAsString(event);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
