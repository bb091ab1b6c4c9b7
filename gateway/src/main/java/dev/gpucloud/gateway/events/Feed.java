package dev.gpucloud.gateway.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.gateway.events.engine.Position;
import dev.gpucloud.gateway.events.engine.Reach;
import dev.gpucloud.gateway.events.engine.Role;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The end of the feed, read once for all listeners of this replica. The reader starts with the
 * first of them. Everything that changes who hears what, and every event, passes under one lock, so
 * a listener who joins at a position misses nothing and hears nothing twice.
 */
@Singleton
class Feed {
  private static final Logger LOG = Logger.getLogger(Feed.class);
  private static final Duration POLL = Duration.ofMillis(500);

  private final FeedReaders readers;
  private final ObjectMapper json;
  private final Set<Listener> all = ConcurrentHashMap.newKeySet();
  private final Map<String, Set<Listener>> ofTenants = new HashMap<>();
  private final Set<Listener> ofEverything = new HashSet<>();
  private final Set<Listener> live = new HashSet<>();
  private final ReentrantLock starting = new ReentrantLock();
  private @Nullable Position end;
  private boolean stopped;

  Feed(FeedReaders readers, ObjectMapper json, MeterRegistry meters) {
    this.readers = readers;
    this.json = json;
    meters.gaugeCollectionSize("gpucloud.gateway.streams", List.of(), all);
  }

  /** Knows the listener from now on: what changes of its roles reaches it. */
  void announce(Listener listener) {
    all.add(listener);
  }

  int listeners() {
    return all.size();
  }

  /** Starts to read the end of the feed unless it is read; blocks until the broker says where. */
  void follow() {
    starting.lock();
    try {
      if (isToBeStarted()) {
        Consumer<String, byte[]> consumer = readers.atTheEnd();
        Position now = FeedReaders.positionOf(consumer);
        synchronized (this) {
          end = now;
        }
        Thread.ofPlatform().daemon().name("feed").start(() -> read(consumer));
      }
    } finally {
      starting.unlock();
    }
  }

  private synchronized boolean isToBeStarted() {
    return end == null && !stopped;
  }

  /** Lets the listener hear everything from now on. */
  synchronized void join(Listener listener) {
    Position now = end;
    if (now == null || stopped) {
      listener.outlet().close("the feed has stopped");
      return;
    }
    enter(listener);
    listener.outlet().position(now.toString());
  }

  /** The same for one who has read up to a position; false if that is not far enough yet. */
  synchronized boolean joinAt(Listener listener, Position read) {
    Position now = end;
    if (now == null || stopped) {
      listener.outlet().close("the feed has stopped");
      return true;
    }
    if (!read.hasReached(now)) {
      return false;
    }
    listener.startsAt(read);
    enter(listener);
    listener.outlet().position(read.toString());
    return true;
  }

  synchronized void leave(Listener listener) {
    all.remove(listener);
    exit(listener);
  }

  /** Tells every listener how far the feed is. */
  synchronized void beat() {
    Position now = end;
    if (now != null) {
      String id = now.toString();
      live.forEach(listener -> listener.outlet().position(id));
    }
  }

  /** Ends all streams; none begins any more. */
  void stop() {
    synchronized (this) {
      stopped = true;
    }
    endAll("the gateway stops; resume at another");
  }

  private void endAll(String why) {
    List.copyOf(all).forEach(listener -> listener.outlet().close(why));
  }

  private void enter(Listener listener) {
    if (!all.contains(listener)) {
      return;
    }
    live.add(listener);
    if (listener.scope().everything()) {
      ofEverything.add(listener);
    }
    for (String tenant : listener.scope().tenants().keySet()) {
      ofTenants.computeIfAbsent(tenant, first -> new HashSet<>()).add(listener);
    }
  }

  private void exit(Listener listener) {
    ofEverything.remove(listener);
    for (String tenant : listener.scope().tenants().keySet()) {
      ofTenants.computeIfPresent(
          tenant,
          (same, some) -> {
            some.remove(listener);
            return some.isEmpty() ? null : some;
          });
    }
    live.remove(listener);
  }

  private void read(Consumer<String, byte[]> consumer) {
    try (consumer) {
      while (!isStopped()) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
          pass(record);
        }
      }
    } catch (RuntimeException failure) {
      LOG.error("The feed cannot be read", failure);
    } finally {
      synchronized (this) {
        end = null;
      }
      endAll("the feed cannot be read; resume in a moment");
    }
  }

  private synchronized boolean isStopped() {
    return stopped;
  }

  private synchronized void pass(ConsumerRecord<String, byte[]> record) {
    Position after = Objects.requireNonNull(end).after(record.partition(), record.offset());
    end = after;
    if (all.isEmpty()) {
      return;
    }
    FeedEvent.read(record, json)
        .ifPresent(
            event -> {
              heed(event);
              ofEverything.forEach(listener -> listener.offer(event, after));
              Set<Listener> some = ofTenants.getOrDefault(event.tenant(), Set.of());
              some.forEach(listener -> listener.offer(event, after));
            });
  }

  /** What an event says about those who listen. */
  private void heed(FeedEvent event) {
    switch (event.type()) {
      case "membership.set" -> {
        // events may be old or repeated: only the tenant service knows what the roles are now
        String subject = event.data().path("subject").asText();
        for (Listener listener : all) {
          if (listener.subject().equals(subject)) {
            listener.outlet().close("your roles have changed; resume");
          }
        }
      }
      case "api-key.revoked" -> {
        String key = event.data().path("keyId").asText();
        for (Listener listener : all) {
          if (key.equals(listener.key())) {
            listener.outlet().close("the API key was revoked");
          }
        }
      }
      default -> {}
    }
  }

  /** The roles that a membership's JSON names. */
  static Reach reach(JsonNode membership) {
    Map<String, Set<Role>> ofProjects = new HashMap<>();
    membership
        .path("projectRoles")
        .properties()
        .forEach(at -> ofProjects.put(at.getKey(), roles(at.getValue())));
    return new Reach(roles(membership.path("roles")), ofProjects);
  }

  private static Set<Role> roles(JsonNode names) {
    List<String> all = new ArrayList<>();
    names.forEach(name -> all.add(name.asText()));
    return Role.of(all);
  }
}
