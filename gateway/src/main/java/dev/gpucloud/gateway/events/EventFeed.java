package dev.gpucloud.gateway.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.gateway.events.engine.KeyLimit;
import dev.gpucloud.gateway.events.engine.Reach;
import dev.gpucloud.gateway.events.engine.Scope;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Lets listeners into the feed, at its end or where they were before. */
@Singleton
public class EventFeed {
  private static final Logger LOG = Logger.getLogger(EventFeed.class);

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Feed feed;
  private final CatchUp catchUp;
  private final EventsConfig config;
  private final Semaphore catchingUp;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  EventFeed(Feed feed, FeedReaders readers, ObjectMapper json, EventsConfig config) {
    this.feed = feed;
    this.config = config;
    this.catchUp = new CatchUp(feed, readers, json, config);
    this.catchingUp = new Semaphore(config.catchingUp());
  }

  /** Knows the listener, before it is asked what they may hear. */
  public void announce(Listener listener) {
    if (feed.listeners() >= config.streams()) {
      throw ProblemType.TOO_MANY_REQUESTS
          .because("The gateway has as many event streams open as it can hold.")
          .with("limit", "streams")
          .with("retryAfterSeconds", 5);
    }
    feed.announce(listener);
  }

  /**
   * Starts to send, on a thread of its own.
   *
   * @param lastEventId what the listener has heard last, null for one who starts at the end
   * @param begin runs once it is certain that there is a stream
   * @param refuse gets the problem when there is none
   */
  public void start(
      Listener listener,
      @Nullable String lastEventId,
      Runnable begin,
      Consumer<ProblemException> refuse) {
    if (threads.isShutdown()) {
      refuse.accept(
          ProblemType.UPSTREAM_UNAVAILABLE.because("The gateway stops; ask another one."));
      return;
    }
    threads.execute(
        () -> {
          try {
            feed.follow();
            if (lastEventId == null) {
              begin.run();
              feed.join(listener);
            } else {
              resume(listener, lastEventId, begin);
            }
          } catch (ProblemException problem) {
            refuse.accept(problem);
          } catch (KafkaException | IllegalStateException away) {
            LOG.warnf("The feed cannot be read: %s", away.getMessage());
            refuse.accept(
                ProblemType.UPSTREAM_UNAVAILABLE.because("Events cannot be read at the moment."));
          } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private void resume(Listener listener, String lastEventId, Runnable begin)
      throws InterruptedException {
    if (!catchingUp.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw ProblemType.UPSTREAM_UNAVAILABLE.because(
          "Many read what they have missed at the moment; ask again with the same id.");
    }
    try {
      if (listener.outlet().isClosed()) {
        return;
      }
      var reader = catchUp.open(lastEventId);
      begin.run();
      catchUp.run(listener, reader);
    } finally {
      catchingUp.release();
    }
  }

  /** The listener has gone. */
  public void leave(Listener listener) {
    feed.leave(listener);
  }

  /** Tells all who listen that their streams live. */
  public void beat() {
    if (feed.listeners() > 0 && !threads.isShutdown()) {
      threads.execute(feed::beat);
    }
  }

  /** Ends all streams; none begins any more. */
  public void stop() {
    feed.stop();
    threads.shutdownNow();
  }

  /** What the answer of {@code GET /me} lets its caller hear, and what a key leaves of it. */
  public static Scope scope(JsonNode me, @Nullable KeyLimit key) {
    boolean everything = false;
    for (JsonNode role : me.path("platformRoles")) {
      everything |= key == null && role.asText().equals("platform-admin");
    }
    Map<String, Reach> tenants = new HashMap<>();
    for (JsonNode membership : me.path("memberships")) {
      tenants.put(membership.path("tenant").path("id").asText(), Feed.reach(membership));
    }
    return new Scope(everything, tenants, key);
  }
}
