package dev.gpucloud.billing.account;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.CreditFact;
import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.GrantFact;
import dev.gpucloud.kit.inbox.InboundEvent;
import dev.gpucloud.kit.inbox.Inbox;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Takes over what tenant-service grants: promotional credits, of which a name stands for one, and
 * GPUs that a programme pays in part.
 */
@ApplicationScoped
class CreditConsumer {
  private final Inbox inbox;
  private final ObjectMapper json;
  private final AccountRepository accounts;
  private final GrantShares shares;

  CreditConsumer(Inbox inbox, ObjectMapper json, AccountRepository accounts, GrantShares shares) {
    this.shares = shares;
    this.inbox = inbox;
    this.json = json;
    this.accounts = accounts;
  }

  @Incoming("grants")
  Uni<Void> on(ConsumerRecord<String, byte[]> r) {
    return inbox.accept(r, Inbox.Order.LATEST, this::keep);
  }

  private Uni<Void> keep(Mutiny.Session s, InboundEvent event) {
    return switch (event.type()) {
      case EventTypes.CREDIT_GRANTED ->
          accounts.keepCredit(s, event.dataAs(json, CreditFact.class));
      case EventTypes.CREDIT_WITHDRAWN ->
          accounts.endCredit(s, event.dataAs(json, CreditFact.class));
      default -> shares.keep(s, event.type(), event.time(), event.dataAs(json, GrantFact.class));
    };
  }
}
