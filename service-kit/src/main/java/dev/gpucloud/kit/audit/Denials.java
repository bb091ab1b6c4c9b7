package dev.gpucloud.kit.audit;

import dev.gpucloud.contracts.event.AuditFact;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.kit.clock.SystemClock;
import dev.gpucloud.kit.config.KitConfig;
import dev.gpucloud.kit.outbox.Outbox;
import dev.gpucloud.kit.outbox.OutboxEvent;
import dev.gpucloud.kit.tx.Transactions;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Counts refused requests and writes one entry for each kind of them when a window ends: who, from
 * where, at which route, with which answer. A flood of them makes as many entries as there are
 * kinds, and no more kinds than configured; what is beyond is counted in one entry without a name.
 */
@ApplicationScoped
public class Denials {
  private static final Logger LOG = Logger.getLogger(Denials.class);
  private static final Duration AT_SHUTDOWN = Duration.ofSeconds(3);
  private static final AuditFact.Actor MANY =
      new AuditFact.Actor("UNVERIFIED", "(many)", null, null, null);

  /** What makes two denials the same. */
  public record Kind(
      AuditFact.Actor actor,
      @Nullable String sourceAddress,
      String route,
      @Nullable String path,
      @Nullable TenantId tenant,
      int status) {}

  private record Counted(long count, Instant last, @Nullable String requestId) {}

  private final Transactions transactions;
  private final Outbox outbox;
  private final Audit audit;
  private final InstantSource clock;
  private final KitConfig.AuditEntries config;
  private final Vertx vertx;
  private final ActionNames names;
  private final String service;
  private Map<Kind, Counted> window = new HashMap<>();

  Denials(
      Transactions transactions,
      Outbox outbox,
      Audit audit,
      @SystemClock InstantSource clock,
      KitConfig config,
      Vertx vertx,
      ActionNames names,
      @ConfigProperty(name = "quarkus.application.name") String service) {
    this.transactions = transactions;
    this.outbox = outbox;
    this.audit = audit;
    this.clock = clock;
    this.config = config.audit();
    this.vertx = vertx;
    this.names = names;
    this.service = service;
  }

  void start(@Observes StartupEvent event) {
    vertx.setPeriodic(
        config.denialWindow().toMillis(),
        timer ->
            flush()
                .subscribe()
                .with(
                    done -> {},
                    failure -> LOG.warnf("denials wait to be written: %s", failure.toString())));
  }

  void stop(@Observes ShutdownEvent event) {
    try {
      flush().await().atMost(AT_SHUTDOWN);
    } catch (RuntimeException e) {
      LOG.warnf("denials of the last window are lost: %s", e.toString());
    }
  }

  /** Counts one refused request. */
  public synchronized void count(Kind kind, @Nullable String requestId) {
    add(window, kind, new Counted(1, clock.instant(), requestId));
  }

  /** Writes what was counted; what cannot be written now is counted on. */
  public Uni<Void> flush() {
    return Uni.createFrom()
        .deferred(
            () -> {
              Map<Kind, Counted> ended = take();
              if (ended.isEmpty()) {
                return Uni.createFrom().voidItem();
              }
              List<OutboxEvent> entries =
                  ended.entrySet().stream().map(e -> entry(e.getKey(), e.getValue())).toList();
              return transactions
                  .systemSql(c -> outbox.append(c, entries))
                  .onFailure()
                  .invoke(() -> giveBack(ended));
            });
  }

  private synchronized Map<Kind, Counted> take() {
    Map<Kind, Counted> ended = window;
    window = new HashMap<>();
    return ended;
  }

  private synchronized void giveBack(Map<Kind, Counted> unwritten) {
    unwritten.forEach((kind, counted) -> add(window, kind, counted));
  }

  private void add(Map<Kind, Counted> to, Kind kind, Counted more) {
    Kind counted =
        to.containsKey(kind) || to.size() < config.denialKinds()
            ? kind
            : new Kind(MANY, null, "* /many", null, null, kind.status());
    to.merge(
        counted,
        more,
        (a, b) ->
            new Counted(
                a.count() + b.count(),
                a.last().isAfter(b.last()) ? a.last() : b.last(),
                b.requestId()));
  }

  private OutboxEvent entry(Kind kind, Counted counted) {
    return audit.denied(
        new AuditFact(
            counted.last(),
            service,
            AuditCategory.DENIAL.name(),
            kind.actor(),
            kind.sourceAddress(),
            counted.requestId(),
            names.of(kind.route()),
            new AuditFact.Target(RouteNames.targetType(kind.route()), kind.path(), kind.tenant()),
            null,
            null,
            null,
            "DENIED",
            kind.status(),
            counted.count()));
  }
}
