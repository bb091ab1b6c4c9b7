package dev.gpucloud.tenant.apikeys;

import dev.gpucloud.contracts.id.ApiKeyId;
import dev.gpucloud.kit.tx.Transactions;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers when keys were used and writes it now and then, all of them in one statement: a use
 * costs no write. What a replica has not written when it dies is lost.
 */
@ApplicationScoped
class KeyUse {
  private static final String WRITE =
      """
      update api_key k set last_used_at = u.at
      from unnest($1::uuid[], $2::timestamptz[]) as u(id, at)
      where k.key_id = u.id and (k.last_used_at is null or k.last_used_at < u.at)""";

  private final Transactions transactions;
  private final Map<ApiKeyId, Instant> used = new ConcurrentHashMap<>();

  KeyUse(Transactions transactions) {
    this.transactions = transactions;
  }

  void used(ApiKeyId key, Instant at) {
    used.merge(key, at, (a, b) -> a.isAfter(b) ? a : b);
  }

  @Scheduled(every = "${gpucloud.api-keys.use-interval:10s}", delayed = "1s")
  Uni<Void> write() {
    Map<ApiKeyId, Instant> batch = Map.copyOf(used);
    if (batch.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    UUID[] ids = batch.keySet().stream().map(ApiKeyId::value).toArray(UUID[]::new);
    OffsetDateTime[] times =
        batch.values().stream()
            .map(at -> at.atOffset(ZoneOffset.UTC))
            .toArray(OffsetDateTime[]::new);
    return transactions
        .systemSql(c -> c.preparedQuery(WRITE).execute(Tuple.of(ids, times)))
        .invoke(() -> batch.forEach(used::remove))
        .replaceWithVoid();
  }
}
