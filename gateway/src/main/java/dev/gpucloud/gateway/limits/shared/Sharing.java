package dev.gpucloud.gateway.limits.shared;

import dev.gpucloud.gateway.limits.LimitsConfig;
import dev.gpucloud.gateway.limits.engine.Allowance;
import dev.gpucloud.gateway.limits.engine.Bucket;
import dev.gpucloud.gateway.limits.engine.SharedBucket;
import dev.gpucloud.gateway.limits.engine.Terms;
import dev.gpucloud.gateway.limits.engine.TokenBucket;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Makes the buckets of limits: shared ones where a store is configured, else those of this
 * replica's static share.
 */
@Singleton
public class Sharing {
  private static final Logger LOG = Logger.getLogger(Sharing.class);
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration LIFE = Settler.BEAT.multipliedBy(5);

  private final int replicas;
  private final @Nullable Settler settler;

  Sharing(LimitsConfig config, Vertx vertx, MeterRegistry meters) {
    this.replicas = config.replicas();
    this.settler =
        config
            .store()
            .host()
            .map(host -> options(host, config.store()))
            .map(options -> new BucketTable(vertx, options, PATIENCE, LIFE))
            .map(
                table ->
                    new Settler(
                        vertx,
                        table,
                        config.store().interval(),
                        new Terms.Alone(config.replicas()),
                        meters))
            .orElse(null);
  }

  /** A bucket of the limit for one whom it holds for. */
  public Bucket bucket(String limit, String whose, Allowance whole) {
    long now = System.nanoTime();
    return settler == null
        ? new TokenBucket(whole.shareOf(replicas), now)
        : new SharedBucket(id(limit, whose), whole, settler, now);
  }

  void start(@Observes StartupEvent event) {
    if (settler != null) {
      settler.start();
    }
  }

  /** After requests under way have ended. */
  void stop(@Observes @Priority(Interceptor.Priority.PLATFORM_AFTER) ShutdownEvent event) {
    if (settler == null) {
      return;
    }
    try {
      settler.stop().toCompletionStage().toCompletableFuture().get(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOG.infof("Other replicas take this one for alive for %s: %s", LIFE, e.getMessage());
    }
  }

  private static PgConnectOptions options(String host, LimitsConfig.Store store) {
    return new PgConnectOptions()
        .setHost(host)
        .setPort(store.port())
        .setDatabase(store.name())
        .setUser(store.username())
        .setPassword(store.password().orElse(""))
        .setConnectTimeout(Math.toIntExact(PATIENCE.toMillis()))
        .setIdleTimeout(Math.toIntExact(LIFE.toSeconds()));
  }

  /** Says neither whose it is nor where they came from. */
  private static UUID id(String limit, String whose) {
    try {
      byte[] text = (limit + "\n" + whose).getBytes(StandardCharsets.UTF_8);
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text);
      return new UUID(bits(digest, 0), bits(digest, Long.BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This JDK lacks SHA-256", e);
    }
  }

  private static long bits(byte[] digest, int from) {
    long bits = 0;
    for (int i = from; i < from + Long.BYTES; i++) {
      bits = bits << Byte.SIZE | digest[i] & 0xff;
    }
    return bits;
  }
}
