package dev.gpucloud.tenant.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.AuditFact;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.kit.audit.AuditCategory;
import dev.gpucloud.kit.clock.SystemClock;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.audit.ChainWriter.NewEntry;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/**
 * Drops what entries say once their category's time is over: only behind a checkpoint, never the
 * hashes, and with an entry that tells it. So a chain with gaps in what it says is still proved
 * whole, and content that is missing without such an entry is found.
 */
@ApplicationScoped
class Retention {
  static final String ACTION = "audit.content.drop";
  static final String SOURCE = "/tenant-service/audit";

  private final Transactions transactions;
  private final ChainWriter chain;
  private final AuditConfig config;
  private final ObjectMapper json;
  private final InstantSource clock;

  Retention(
      Transactions transactions,
      ChainWriter chain,
      AuditConfig config,
      ObjectMapper json,
      @SystemClock InstantSource clock) {
    this.transactions = transactions;
    this.chain = chain;
    this.config = config;
    this.json = json;
    this.clock = clock;
  }

  @Scheduled(
      every = "24h",
      delayed = "1h",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> daily() {
    Instant now = clock.instant();
    Uni<Void> done = Uni.createFrom().voidItem();
    for (AuditCategory category : AuditCategory.values()) {
      done = done.chain(() -> drop(category, now.minus(kept(category)))).replaceWithVoid();
    }
    return done;
  }

  private Duration kept(AuditCategory category) {
    return switch (category) {
      case SECURITY -> config.keepSecurity();
      case CHANGE -> config.keepChange();
      case DENIAL -> config.keepDenial();
      case READ -> config.keepRead();
    };
  }

  /** Drops what was recorded before a time and a checkpoint covers; answers how many entries. */
  Uni<Long> drop(AuditCategory category, Instant before) {
    return transactions.systemSql(
        c ->
            CheckpointRows.newest(c, 1)
                .chain(
                    newest ->
                        newest.isEmpty()
                            ? Uni.createFrom().item(0L)
                            : drop(c, category, before, newest.getFirst().count())));
  }

  private Uni<Long> drop(SqlConnection c, AuditCategory category, Instant before, long covered) {
    return c.preparedQuery("select audit_drop($1, $2, $3)")
        .execute(Tuple.of(category.name(), covered, before.atOffset(ZoneOffset.UTC)))
        .map(rows -> rows.iterator().next().getLong(0))
        .call(
            dropped ->
                dropped == 0
                    ? Uni.createFrom().voidItem()
                    : chain.append(
                        c, List.of(entry(category, covered, before, dropped)), clock.instant()));
  }

  private NewEntry entry(AuditCategory category, long through, Instant before, long dropped) {
    var fact =
        new AuditFact(
            clock.instant(),
            "tenant-service",
            AuditCategory.SECURITY.name(),
            new AuditFact.Actor("SYSTEM", "tenant-service", null, null, null),
            null,
            null,
            ACTION,
            new AuditFact.Target("audit", category.name(), null),
            null,
            Map.of(
                "category",
                category.name(),
                "through",
                through,
                "recordedBefore",
                before.toString(),
                "entries",
                dropped),
            null,
            "DONE",
            null,
            1);
    return new NewEntry(Ids.next().toString(), SOURCE, json.valueToTree(fact));
  }
}
