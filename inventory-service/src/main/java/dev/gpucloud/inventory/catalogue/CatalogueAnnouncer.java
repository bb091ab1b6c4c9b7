package dev.gpucloud.inventory.catalogue;

import dev.gpucloud.contracts.event.CatalogueFact;
import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.outbox.Outbox;
import dev.gpucloud.kit.outbox.OutboxEvent;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/**
 * Tells the others which GPU models and sites there are, whole and whenever that changes, however
 * they came to be. Of replicas that see the same change one tells it.
 */
@ApplicationScoped
class CatalogueAnnouncer {
  private static final Logger LOG = Logger.getLogger(CatalogueAnnouncer.class);
  private static final String SAY =
      "update catalogue_said set content = ?1, version = version + 1 where version = ?2";
  private final Transactions transactions;
  private final Outbox outbox;
  private final InstantSource clock;

  CatalogueAnnouncer(Transactions transactions, Outbox outbox, @Business InstantSource clock) {
    this.transactions = transactions;
    this.outbox = outbox;
    this.clock = clock;
  }

  @Scheduled(every = "2s", delayed = "1s", concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> round() {
    return transactions
        .asSystem(this::look)
        .onFailure()
        .invoke(f -> LOG.warnf("the catalogue waits for the next round: %s", f.toString()))
        .onFailure()
        .recoverWithNull();
  }

  private record Said(String content, long version) {}

  private Uni<Void> look(Mutiny.Session s) {
    return Sql.rows(s, "select content, version from catalogue_said")
        .map(List::getFirst)
        .map(row -> new Said((String) row[0], ((Number) row[1]).longValue()))
        .chain(said -> fact(s).chain(now -> tell(s, said, now)));
  }

  private Uni<CatalogueFact> fact(Mutiny.Session s) {
    Instant now = clock.instant();
    return ids(s, "gpu_model")
        .chain(models -> ids(s, "site").map(sites -> new CatalogueFact(models, sites, now)));
  }

  private static Uni<List<String>> ids(Mutiny.Session s, String table) {
    return Sql.rows(s, "select id from " + table + " order by id")
        .map(rows -> rows.stream().map(row -> (String) row[0]).toList());
  }

  private Uni<Void> tell(Mutiny.Session s, Said before, CatalogueFact fact) {
    String content = String.join(" ", fact.gpuModels()) + "/" + String.join(" ", fact.sites());
    if (content.equals(before.content()) || content.equals("/")) {
      return Uni.createFrom().voidItem();
    }
    return Sql.update(s, SAY, content, before.version())
        .chain(
            first ->
                first == 0
                    ? Uni.createFrom().voidItem()
                    : outbox.append(s, event(fact, before.version() + 1)));
  }

  private static OutboxEvent event(CatalogueFact fact, long version) {
    return new OutboxEvent(
        Ids.next(),
        Topics.CATALOGUE,
        CatalogueFact.KEY,
        EventTypes.CATALOGUE_DECLARED,
        CatalogueFact.KEY,
        null,
        version,
        fact.at(),
        fact);
  }
}
