package dev.gpucloud.inventory.offers;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.PriceFact;
import dev.gpucloud.kit.inbox.InboundEvent;
import dev.gpucloud.kit.inbox.Inbox;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.ZoneOffset;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.hibernate.reactive.mutiny.Mutiny;

/** Keeps the list prices that billing publishes, to show beside what they buy. */
@ApplicationScoped
class PriceConsumer {
  private final Inbox inbox;
  private final ObjectMapper json;

  PriceConsumer(Inbox inbox, ObjectMapper json) {
    this.inbox = inbox;
    this.json = json;
  }

  @Incoming("prices")
  Uni<Void> on(ConsumerRecord<String, byte[]> message) {
    return inbox.accept(message, Inbox.Order.LATEST, this::apply);
  }

  private Uni<Void> apply(Mutiny.Session s, InboundEvent event) {
    PriceFact fact = event.dataAs(json, PriceFact.class);
    return Sql.update(
            s,
            """
            insert into price (sku, instance_type, model_id, mig_profile, region, purchase_class,
                               unit, price_krw, effective_from, version)
            values (?1, cast(?2 as text), cast(?3 as text), cast(?4 as text), cast(?5 as text), ?6,
                    ?7, cast(cast(?8 as text) as numeric), ?9, ?10)
            on conflict (sku, effective_from) do update set
              instance_type = excluded.instance_type, model_id = excluded.model_id,
              mig_profile = excluded.mig_profile, region = excluded.region,
              purchase_class = excluded.purchase_class, unit = excluded.unit,
              price_krw = excluded.price_krw,
              version = excluded.version""",
            fact.sku(),
            fact.instanceType(),
            fact.model(),
            fact.migProfile(),
            fact.region(),
            fact.purchaseClass(),
            fact.unit(),
            fact.priceKrw(),
            fact.effectiveFrom().atOffset(ZoneOffset.UTC),
            fact.version())
        .replaceWithVoid();
  }
}
