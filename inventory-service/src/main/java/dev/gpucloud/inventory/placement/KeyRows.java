package dev.gpucloud.inventory.placement;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.inventory.instance.BulkInsert;
import dev.gpucloud.kit.config.KitConfig;
import dev.gpucloud.kit.idempotency.IdempotencyKey;
import dev.gpucloud.kit.idempotency.StoredAnswer;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/** Idempotency keys in the writer's own transaction: the answers of a batch in one statement. */
@ApplicationScoped
class KeyRows {
  private final Duration retention;
  private final ObjectMapper json;

  KeyRows(KitConfig config, ObjectMapper json) {
    this.retention = config.idempotency().retention();
    this.json = json;
  }

  /** A key and the answer of its effect. */
  record Answered(UUID id, IdempotencyKey key, StoredAnswer answer) {}

  /**
   * Stores the answers and tells the ids of the keys that were free. A key that another transaction
   * is about to store is waited for.
   */
  Uni<Set<UUID>> claim(SqlConnection c, List<Answered> answers, Instant now) {
    if (answers.isEmpty()) {
      return Uni.createFrom().item(Set.of());
    }
    List<Answered> inOrder = answers.stream().sorted(Comparator.comparing(Answered::id)).toList();
    return insert(now.plus(retention))
        .execute(c, inOrder, "on conflict do nothing", "id")
        .map(
            rows -> {
              Set<UUID> claimed = new HashSet<>();
              rows.forEach(row -> claimed.add(row.getUUID(0)));
              return claimed;
            });
  }

  private BulkInsert<Answered> insert(Instant expiry) {
    return BulkInsert.<Answered>into("idempotency")
        .uuid("id", Answered::id)
        .text("scope", a -> a.key().scope())
        .text("key", a -> a.key().key())
        .textAs(
            "request_hash",
            "decode(%s, 'hex')",
            a -> HexFormat.of().formatHex(a.key().requestHash()))
        .integer("status", a -> a.answer().status())
        .textAs("headers", "%s::json", a -> write(a.answer().headers()))
        .text("body", a -> a.answer().body())
        .uuid("tenant_id", a -> Objects.requireNonNull(a.key().tenant()).value())
        .time("expires_at", a -> expiry);
  }

  private String write(Object value) {
    try {
      return json.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A refusal stores nothing: the same key may be tried again. */
  Uni<Void> giveBack(SqlConnection c, List<IdempotencyKey> keys) {
    if (keys.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    UUID[] ids = keys.stream().map(IdempotencyKey::id).toArray(UUID[]::new);
    return c.preparedQuery("delete from idempotency where id = any($1)")
        .execute(Tuple.tuple().addArrayOfUUID(ids))
        .replaceWithVoid();
  }
}
