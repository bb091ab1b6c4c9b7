package dev.gpucloud.tenant.directory;

import dev.gpucloud.kit.clock.SystemClock;
import dev.gpucloud.tenant.engine.RetryDelay;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Works the list off, some entries at a time. While Keycloak does not answer it pauses, longer each
 * time, and nothing is lost or counted as failed; no request waits for any of this and no readiness
 * check fails for it.
 */
@ApplicationScoped
class DirectoryWorker {
  private static final Logger LOG = Logger.getLogger(DirectoryWorker.class);

  private final DirectoryQueue queue;
  private final DirectorySync sync;
  private final DirectoryConfig config;
  private final InstantSource clock;
  private final RetryDelay delay;
  private final MeterRegistry meters;
  private final AtomicReference<Contact> contact = new AtomicReference<>(new Contact(null, 0, ""));
  private volatile Instant pausedUntil = Instant.MIN;

  DirectoryWorker(
      DirectoryQueue queue,
      DirectorySync sync,
      DirectoryConfig config,
      MeterRegistry meters,
      @SystemClock InstantSource clock) {
    this.queue = queue;
    this.sync = sync;
    this.config = config;
    this.meters = meters;
    this.clock = clock;
    this.delay = new RetryDelay(config.firstDelay(), config.longestDelay());
  }

  /** When Keycloak was last reached by this replica, and how often it was not since. */
  record Contact(@Nullable Instant last, int failures, String problem) {}

  Contact contact() {
    return contact.get();
  }

  @Scheduled(every = "1s", delayed = "2s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> work() {
    if (config.adminUrl().isEmpty() || clock.instant().isBefore(pausedUntil)) {
      return Uni.createFrom().voidItem();
    }
    return round();
  }

  /** Batches until the list is empty or Keycloak is away. */
  private Uni<Void> round() {
    return queue.take().chain(batch -> batch.isEmpty() ? nothing() : work(batch));
  }

  private static Uni<Void> nothing() {
    return Uni.createFrom().voidItem();
  }

  private Uni<Void> work(List<DirectoryEntry> batch) {
    return Multi.createFrom()
        .iterable(batch)
        .onItem()
        .transformToUni(this::one)
        .merge(config.concurrency())
        .collect()
        .asList()
        .chain(done -> clock.instant().isBefore(pausedUntil) ? nothing() : round());
  }

  private Uni<Boolean> one(DirectoryEntry entry) {
    if (clock.instant().isBefore(pausedUntil)) {
      return queue.giveBack(entry).replaceWith(false);
    }
    return sync.sync(entry)
        .chain(outcome -> settle(entry, outcome))
        .onFailure(KeycloakAdmin.Unreachable.class)
        .recoverWithUni(failure -> away(failure).chain(() -> queue.giveBack(entry)))
        .onFailure()
        .recoverWithUni(failure -> queue.failed(entry, String.valueOf(failure.getMessage())))
        .replaceWith(true);
  }

  private Uni<Void> settle(DirectoryEntry entry, DirectorySync.Outcome outcome) {
    contact.set(new Contact(clock.instant(), 0, ""));
    return switch (outcome) {
      case DirectorySync.Synced synced -> {
        count("synced");
        yield queue.done(entry, synced.externalId());
      }
      case DirectorySync.Refused refused -> {
        count("refused");
        yield queue.failed(entry, refused.problem());
      }
    };
  }

  /** The first failure of a pause counts; those that were under way beside it do not. */
  private synchronized Uni<Void> away(Throwable failure) {
    Instant now = clock.instant();
    if (!now.isBefore(pausedUntil)) {
      Contact known = contact.get();
      int failures = known.failures() + 1;
      contact.set(new Contact(known.last(), failures, String.valueOf(failure.getMessage())));
      pausedUntil = now.plus(delay.after(failures));
      count("unreachable");
      LOG.warnf("Keycloak cannot be reached (%d): %s", failures, failure.getMessage());
    }
    return nothing();
  }

  private void count(String outcome) {
    meters.counter("gpucloud.directory.entries", "outcome", outcome).increment();
  }
}
