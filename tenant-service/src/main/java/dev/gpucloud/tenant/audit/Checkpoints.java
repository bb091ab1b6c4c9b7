package dev.gpucloud.tenant.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.kit.clock.SystemClock;
import dev.gpucloud.kit.lease.Leases;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.audit.engine.ChainLink;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Signs how long the chain is, every minute when it has grown, and hands that to a file and perhaps
 * an address outside of the database: who cuts the chain's tail cannot take that word back.
 */
@ApplicationScoped
class Checkpoints {
  private static final Logger LOG = Logger.getLogger(Checkpoints.class);
  private static final String LEASE = "audit-checkpoints";
  private static final Duration LEASE_LENGTH = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Transactions transactions;
  private final Leases leases;
  private final SigningKey key;
  private final AuditConfig config;
  private final ObjectMapper json;
  private final InstantSource clock;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final String holder = UUID.randomUUID().toString();

  Checkpoints(
      Transactions transactions,
      Leases leases,
      SigningKey key,
      AuditConfig config,
      ObjectMapper json,
      @SystemClock InstantSource clock) {
    this.transactions = transactions;
    this.leases = leases;
    this.key = key;
    this.config = config;
    this.json = json;
    this.clock = clock;
  }

  @Scheduled(
      every = "${gpucloud.audit-log.checkpoint-interval:60s}",
      delayed = "2s",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> regularly() {
    return leases
        .tryAcquire(LEASE, holder, LEASE_LENGTH)
        .chain(held -> held.isPresent() ? sign() : Uni.createFrom().item(Optional.empty()))
        .onFailure()
        .invoke(f -> LOG.errorf("no audit checkpoint: %s", f.toString()))
        .replaceWithVoid();
  }

  /** Signs the head unless that was done; answers the new checkpoint. */
  Uni<Optional<Checkpoint>> sign() {
    return transactions
        .systemSql(this::signHead)
        .emitOn(Infrastructure.getDefaultWorkerPool())
        .invoke(made -> made.ifPresent(this::handOut));
  }

  private Uni<Optional<Checkpoint>> signHead(SqlConnection c) {
    return CheckpointRows.newest(c, 1)
        .chain(
            last ->
                ChainWriter.head(c)
                    .chain(
                        head -> {
                          long signed = last.isEmpty() ? 0 : last.getFirst().count();
                          if (head.sequence() <= signed) {
                            return Uni.createFrom().item(Optional.empty());
                          }
                          Checkpoint made = checkpoint(head);
                          return CheckpointRows.insert(c, made, key.publicKey())
                              .replaceWith(Optional.of(made));
                        }));
  }

  private Checkpoint checkpoint(ChainLink head) {
    var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
    String text = Checkpoint.signedText(head.sequence(), head.hash(), at, key.id());
    return new Checkpoint(
        head.sequence(),
        head.hash(),
        at,
        key.id(),
        Base64.getEncoder().encodeToString(key.sign(text)));
  }

  /** What cannot be handed out now is covered by the next one that can. */
  private void handOut(Checkpoint checkpoint) {
    try {
      String line = json.writeValueAsString(checkpoint);
      append(config.checkpointFile(), line);
      if (config.checkpointWebhook().isPresent()) {
        post(line);
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void append(Path file, String line) {
    try {
      if (file.getParent() != null) {
        Files.createDirectories(file.getParent());
      }
      Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void post(String line) {
    HttpRequest request =
        HttpRequest.newBuilder(config.checkpointWebhook().orElseThrow())
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(line))
            .build();
    http.sendAsync(request, HttpResponse.BodyHandlers.discarding())
        .whenComplete(
            (answer, failure) -> {
              if (failure != null || answer.statusCode() >= 300) {
                LOG.warnf(
                    "the checkpoint webhook did not take a checkpoint: %s",
                    failure == null ? "status " + answer.statusCode() : failure.toString());
              }
            });
  }

  /** The newest checkpoints, newest first. */
  Uni<List<Checkpoint>> newest(int limit) {
    return transactions.systemSql(c -> CheckpointRows.newest(c, limit));
  }
}
