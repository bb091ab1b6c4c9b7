package dev.gpucloud.gateway.events;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.gateway.events.engine.Position;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads for one listener what it has missed, at the pace of its socket, until it has reached the
 * end that is read for all.
 */
final class CatchUp {
  private static final Duration POLL = Duration.ofMillis(200);

  private final Feed feed;
  private final FeedReaders readers;
  private final ObjectMapper json;
  private final EventsConfig config;

  CatchUp(Feed feed, FeedReaders readers, ObjectMapper json, EventsConfig config) {
    this.feed = feed;
    this.readers = readers;
    this.json = json;
    this.config = config;
  }

  /**
   * Opens a reader at an event's id.
   *
   * @throws ProblemException when the id is none, or what followed it is no longer kept
   */
  Consumer<String, byte[]> open(String id) {
    Consumer<String, byte[]> consumer = readers.assigned();
    try {
      seek(consumer, id);
      return consumer;
    } catch (RuntimeException failure) {
      consumer.close();
      throw failure;
    }
  }

  private void seek(Consumer<String, byte[]> consumer, String id) {
    int partitions = consumer.assignment().size();
    Position from = parse(id, partitions);
    Map<TopicPartition, Long> first = consumer.beginningOffsets(consumer.assignment());
    Map<TopicPartition, Long> last = consumer.endOffsets(consumer.assignment());
    for (TopicPartition partition : consumer.assignment()) {
      long next = from.next(partition.partition());
      if (next == Position.START) {
        consumer.seek(partition, first.get(partition));
      } else if (next > last.get(partition)) {
        throw notAnId("partition %d has no such offset yet".formatted(partition.partition()));
      } else if (next < first.get(partition)) {
        throw ProblemType.EVENTS_GONE.because(
            "Events after the id %s are no longer kept; read how things stand and start without it."
                .formatted(id));
      } else {
        consumer.seek(partition, next);
      }
    }
  }

  /** Reads until the listener has joined the others or has gone. */
  void run(Listener listener, Consumer<String, byte[]> consumer) {
    try (consumer) {
      Position at = FeedReaders.positionOf(consumer);
      long told = System.nanoTime();
      while (!listener.outlet().isClosed() && !feed.joinAt(listener, at)) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
          at = at.after(record.partition(), record.offset());
          offer(listener, record, at);
        }
        // what is read past for others counts as read, or a quiet listener begins anew for ever
        if (System.nanoTime() - told > config.heartbeat().toNanos()) {
          listener.outlet().position(at.toString());
          told = System.nanoTime();
        }
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException failure) {
      listener.outlet().close("the feed cannot be read; resume in a moment");
      throw failure;
    }
  }

  private void offer(Listener listener, ConsumerRecord<String, byte[]> record, Position after)
      throws InterruptedException {
    @Nullable FeedEvent event = FeedEvent.read(record, json).orElse(null);
    if (event != null) {
      awaitRoom(listener.outlet());
      listener.offer(event, after);
    }
  }

  /** Who takes nothing for two heartbeats holds up the others who want to catch up. */
  private void awaitRoom(Outlet outlet) throws InterruptedException {
    long deadline = System.nanoTime() + 2 * config.heartbeat().toNanos();
    while (outlet.waitingBytes() > config.mostWaitingBytes() / 2 && !outlet.isClosed()) {
      if (System.nanoTime() > deadline) {
        outlet.close("too slow; resume where you are");
      }
      Thread.sleep(5);
    }
  }

  private static Position parse(String id, int partitions) {
    try {
      return Position.parse(id, partitions);
    } catch (IllegalArgumentException bad) {
      throw notAnId(String.valueOf(bad.getMessage()));
    }
  }

  private static ProblemException notAnId(String why) {
    return ProblemType.INVALID_PARAMETER
        .because("Last-Event-ID is not the id of an event: %s.".formatted(why))
        .with("parameter", "Last-Event-ID");
  }
}
