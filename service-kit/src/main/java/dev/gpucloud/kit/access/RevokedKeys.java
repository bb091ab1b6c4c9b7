package dev.gpucloud.kit.access;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gpucloud.contracts.event.ApiKeyFact;
import dev.gpucloud.contracts.id.ApiKeyId;
import dev.gpucloud.kit.config.KitConfig;
import dev.gpucloud.kit.inbox.InboundEvent;
import dev.gpucloud.kit.inbox.Inbox;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * The API keys that were revoked lately, as told by the topic. Tokens made of a key live a minute,
 * so a key is forgotten here after a day. A revocation that this replica has applied acts at once,
 * one that another replica applied within the time to live of what is remembered.
 */
@ApplicationScoped
class RevokedKeys {
  private final Transactions transactions;
  private final Inbox inbox;
  private final ObjectMapper json;
  private final Cache<ApiKeyId, Boolean> answers;

  RevokedKeys(Transactions transactions, Inbox inbox, ObjectMapper json, KitConfig config) {
    this.transactions = transactions;
    this.inbox = inbox;
    this.json = json;
    this.answers =
        Caffeine.newBuilder()
            .maximumSize(config.access().cacheSize())
            .expireAfterWrite(config.access().cacheTtl())
            .build();
  }

  Uni<Boolean> contains(ApiKeyId key) {
    Boolean known = answers.getIfPresent(key);
    if (known != null) {
      return Uni.createFrom().item(known);
    }
    return transactions
        .asSystem(s -> Sql.rows(s, "select 1 from revoked_key where key_id = ?1", key.value()))
        .map(rows -> !rows.isEmpty())
        .invoke(found -> answers.put(key, found));
  }

  @Incoming("kit-api-keys")
  Uni<Void> revoked(ConsumerRecord<String, byte[]> r) {
    return inbox
        .accept("revoked-keys", r, Inbox.Order.NONE, this::keep)
        .invoke(() -> answers.invalidateAll());
  }

  private Uni<Void> keep(Mutiny.Session s, InboundEvent event) {
    ApiKeyFact fact = event.dataAs(json, ApiKeyFact.class);
    return Sql.update(
            s,
            """
            insert into revoked_key (key_id, tenant_id, revoked_at) values (?1, ?2, now())
            on conflict do nothing""",
            fact.keyId().value(),
            fact.tenantId().value())
        .chain(
            () ->
                Sql.update(
                    s, "delete from revoked_key where revoked_at < now() - interval '1 day'"))
        .replaceWithVoid();
  }
}
