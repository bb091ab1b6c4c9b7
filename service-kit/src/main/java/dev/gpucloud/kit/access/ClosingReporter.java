package dev.gpucloud.kit.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.ClosingFact;
import dev.gpucloud.contracts.event.ClosingFact.Blocker;
import dev.gpucloud.contracts.event.TenantFact;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.config.KitConfig;
import dev.gpucloud.kit.lease.Leases;
import dev.gpucloud.kit.outbox.Outbox;
import dev.gpucloud.kit.outbox.OutboxEvent;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import io.quarkus.arc.All;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/**
 * Says what the service still holds of each closing tenant, and says it again whenever that
 * changes; one replica at a time. A service without a {@link TenantHolder} says nothing.
 */
@ApplicationScoped
class ClosingReporter {
  private static final Logger LOG = Logger.getLogger(ClosingReporter.class);

  private final Transactions transactions;
  private final Leases leases;
  private final Outbox outbox;
  private final ObjectMapper json;
  private final List<TenantHolder> holders;
  private final KitConfig.Closings config;
  private final InstantSource business;
  private final String service;
  private final String replica = UUID.randomUUID().toString();

  ClosingReporter(
      Transactions transactions,
      Leases leases,
      Outbox outbox,
      ObjectMapper json,
      @All List<TenantHolder> holders,
      KitConfig config,
      @Business InstantSource business,
      @ConfigProperty(name = "quarkus.application.name") String service) {
    this.transactions = transactions;
    this.leases = leases;
    this.outbox = outbox;
    this.json = json;
    this.holders = holders;
    this.config = config.closings();
    this.business = business;
    this.service = service;
  }

  @Scheduled(
      every = "${gpucloud.closings.check}",
      delayed = "2s",
      concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> round() {
    if (holders.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return leases
        .tryAcquire("closings", replica, config.lease())
        .chain(lease -> lease.isEmpty() ? Uni.createFrom().voidItem() : sweep())
        .onFailure()
        .invoke(f -> LOG.warnf("closing tenants wait for the next round: %s", f.toString()))
        .onFailure()
        .recoverWithNull();
  }

  private Uni<Void> sweep() {
    return transactions
        .asSystem(
            s ->
                Sql.rows(
                    s,
                    """
                    select cast(fact as text) from tenant_ref
                    where state = 'CLOSING' order by tenant_id limit ?1""",
                    config.batch()))
        .chain(
            rows -> {
              Uni<Void> done = Uni.createFrom().voidItem();
              for (Object[] row : rows) {
                TenantFact tenant = read((String) row[0], TenantFact.class);
                for (TenantHolder holder : holders) {
                  done = done.chain(() -> transactions.asSystem(s -> report(s, holder, tenant)));
                }
              }
              return done;
            });
  }

  private Uni<Void> report(Mutiny.Session s, TenantHolder holder, TenantFact tenant) {
    return holder
        .holds(s, tenant)
        .chain(
            blockers ->
                said(s, tenant)
                    .chain(
                        before ->
                            before.blockers().equals(write(blockers))
                                ? Uni.createFrom().voidItem()
                                : say(s, holder, tenant, blockers, before.sequence() + 1)));
  }

  private record Said(String blockers, long sequence) {}

  private static Uni<Said> said(Mutiny.Session s, TenantFact tenant) {
    return Sql.rows(
            s,
            "select blockers, sequence from closing_said where tenant_id = ?1 for update",
            tenant.tenantId().value())
        .map(
            rows ->
                rows.isEmpty()
                    ? new Said("", 0)
                    : new Said(
                        (String) rows.getFirst()[0], ((Number) rows.getFirst()[1]).longValue()));
  }

  private Uni<Void> say(
      Mutiny.Session s,
      TenantHolder holder,
      TenantFact tenant,
      List<Blocker> blockers,
      long sequence) {
    Instant now = business.instant();
    String id = tenant.tenantId().toString();
    return Sql.update(
            s,
            """
            insert into closing_said (tenant_id, blockers, sequence) values (?1, ?2, ?3)
            on conflict (tenant_id)
              do update set blockers = excluded.blockers, sequence = excluded.sequence""",
            tenant.tenantId().value(),
            write(blockers),
            sequence)
        .chain(
            () ->
                outbox.append(
                    s,
                    new OutboxEvent(
                        Ids.next(),
                        holder.topic(),
                        id,
                        holder.type(),
                        id,
                        tenant.tenantId(),
                        sequence,
                        now,
                        new ClosingFact(tenant.tenantId(), service, blockers, now))));
  }

  private <T> T read(String text, Class<T> type) {
    try {
      return json.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private String write(List<Blocker> blockers) {
    try {
      return json.writeValueAsString(blockers);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
