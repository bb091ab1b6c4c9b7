package dev.gpucloud.tenant.dispatches;

import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.dispatches.Dispatch.Failed;
import dev.gpucloud.tenant.dispatches.Dispatch.Outcome;
import dev.gpucloud.tenant.dispatches.Dispatch.Sent;
import dev.gpucloud.tenant.webhooks.WebhookHealth;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/**
 * Works off what is to be sent, mails and webhooks each by themselves, so that slow receivers of
 * the one hold up none of the other. What came of a try is written in a transaction of its own: a
 * replica that ends before that leaves the dispatch to be sent again, with the same id.
 */
@ApplicationScoped
class DispatchKeeper {
  private static final Logger LOG = Logger.getLogger(DispatchKeeper.class);

  private final DispatchQueue queue;
  private final MailDispatcher mails;
  private final WebhookDispatcher webhooks;
  private final WebhookHealth health;
  private final Transactions transactions;
  private final DispatchConfig config;
  private final MeterRegistry meters;

  DispatchKeeper(
      DispatchQueue queue,
      MailDispatcher mails,
      WebhookDispatcher webhooks,
      WebhookHealth health,
      Transactions transactions,
      DispatchConfig config,
      MeterRegistry meters) {
    this.queue = queue;
    this.mails = mails;
    this.webhooks = webhooks;
    this.health = health;
    this.transactions = transactions;
    this.config = config;
    this.meters = meters;
  }

  @Scheduled(
      every = "${gpucloud.dispatches.check}",
      delayed = "3s",
      concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> sendMails() {
    return mails.isConfigured() ? guarded(round("MAIL", mails::send)) : Uni.createFrom().voidItem();
  }

  @Scheduled(
      every = "${gpucloud.dispatches.check}",
      delayed = "3s",
      concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> callWebhooks() {
    return guarded(round("WEBHOOK", webhooks::send));
  }

  private static Uni<Void> guarded(Uni<Void> round) {
    return round
        .onFailure()
        .invoke(f -> LOG.warnf("dispatches wait for the next round: %s", f.toString()))
        .onFailure()
        .recoverWithNull();
  }

  /** Batches until nothing is due. */
  private Uni<Void> round(String channel, Function<Dispatch, Uni<Outcome>> send) {
    return queue
        .take(channel)
        .chain(
            batch ->
                batch.isEmpty()
                    ? Uni.createFrom().voidItem()
                    : send(batch, send).chain(() -> round(channel, send)));
  }

  private Uni<Void> send(List<Dispatch> batch, Function<Dispatch, Uni<Outcome>> send) {
    return Multi.createFrom()
        .iterable(batch)
        .onItem()
        .transformToUni(dispatch -> one(dispatch, send))
        .merge(config.concurrency())
        .collect()
        .last()
        .replaceWithVoid();
  }

  /** What cannot even be tried, as its words or secrets cannot be read, has failed too. */
  private Uni<Boolean> one(Dispatch dispatch, Function<Dispatch, Uni<Outcome>> send) {
    return Uni.createFrom()
        .deferred(() -> send.apply(dispatch))
        .onFailure()
        .recoverWithItem(f -> new Failed(null, String.valueOf(f.getMessage()), false))
        .chain(outcome -> transactions.asSystem(session -> settle(session, dispatch, outcome)))
        .replaceWith(true);
  }

  private Uni<Void> settle(Mutiny.Session session, Dispatch dispatch, Outcome outcome) {
    return switch (outcome) {
      case Sent sent ->
          queue
              .sent(session, dispatch, sent)
              .chain(
                  () ->
                      dispatch.target() == null
                          ? Uni.createFrom().voidItem()
                          : health.well(session, dispatch.target().id(), sent.status()))
              .invoke(() -> count(dispatch, "sent"));
      case Failed failed ->
          queue
              .failed(session, dispatch, failed)
              .invoke(dead -> count(dispatch, dead ? "dead" : "failed"))
              .chain(
                  () ->
                      dispatch.target() == null
                          ? Uni.createFrom().voidItem()
                          : health.ill(session, ill(dispatch, failed)));
    };
  }

  private static WebhookHealth.Ill ill(Dispatch dispatch, Failed failed) {
    return new WebhookHealth.Ill(
        Objects.requireNonNull(dispatch.tenant()),
        Objects.requireNonNull(dispatch.target()).id(),
        failed.status(),
        DispatchQueue.cut(failed.problem()),
        failed.isFinal());
  }

  private void count(Dispatch dispatch, String outcome) {
    meters
        .counter(
            "gpucloud.dispatches",
            "channel",
            dispatch.target() == null ? "mail" : "webhook",
            "outcome",
            outcome)
        .increment();
  }
}
