package dev.gpucloud.testsupport;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Kafka as the service under test sees it: topics carry the test's prefix. */
public final class TestKafka {
  private static final AtomicInteger SITES_TAKEN = new AtomicInteger();
  private static Producer<String, String> producer;

  private TestKafka() {}

  /** A site that no other test has had and no scenario knows, with topics for its agent. */
  public static String nextSite() {
    return TestTopics.spareSite(SITES_TAKEN.getAndIncrement());
  }

  /** A CloudEvent to send; the id decides whether two of them are the same event. */
  public record Event(
      String id,
      String source,
      String topic,
      String key,
      String type,
      String tenant,
      long sequence,
      String json) {
    /** An event with a new id. */
    public static Event of(
        String source,
        String topic,
        String key,
        String type,
        String tenant,
        long sequence,
        String json) {
      return new Event(
          UUID.randomUUID().toString(), source, topic, key, type, tenant, sequence, json);
    }
  }

  /** Sends and waits for the broker's acknowledgement. */
  public static void send(Event... events) {
    for (Event e : events) {
      sendAt(Instant.now(), e);
    }
  }

  /** Sends one event again and again, and waits for all of the broker's acknowledgements. */
  public static void sendTimes(int times, Event event) {
    Instant now = Instant.now();
    for (int n = 1; n < times; n++) {
      producer().send(record(event, now));
    }
    sendAt(now, event);
    producer().flush();
  }

  /** Sends an event that happened at that time, and waits for the broker's acknowledgement. */
  public static void sendAt(Instant time, Event event) {
    try {
      producer().send(record(event, time)).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** One for all tests: the broker stays the same until the build ends. */
  private static synchronized Producer<String, String> producer() {
    if (producer == null) {
      producer = new KafkaProducer<>(settings(), new StringSerializer(), new StringSerializer());
    }
    return producer;
  }

  private static ProducerRecord<String, String> record(Event e, Instant time) {
    var record = new ProducerRecord<>(prefix() + e.topic(), e.key(), e.json());
    Map.of(
            "ce_specversion", "1.0",
            "ce_id", e.id(),
            "ce_source", e.source(),
            "ce_type", e.type(),
            "ce_subject", e.key(),
            "ce_time", time.toString(),
            "ce_tenantid", e.tenant(),
            "ce_sequence", Long.toString(e.sequence()),
            "content-type", "application/json")
        .forEach(
            (name, value) -> {
              if (!value.isEmpty()) {
                record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
              }
            });
    return record;
  }

  /** Reads a topic from its start until enough records match; fails after the time. */
  public static List<ConsumerRecord<String, String>> await(
      String topic, int count, Duration atMost, Predicate<ConsumerRecord<String, String>> matches) {
    var found = new ArrayList<ConsumerRecord<String, String>>();
    try (var consumer =
        new KafkaConsumer<>(settings(), new StringDeserializer(), new StringDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(prefix() + topic).stream()
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Instant deadline = Instant.now().plus(atMost);
      while (found.size() < count) {
        if (Instant.now().isAfter(deadline)) {
          throw new AssertionError(
              "only %d of %d events on %s after %s".formatted(found.size(), count, topic, atMost));
        }
        consumer
            .poll(Duration.ofMillis(200))
            .forEach(
                r -> {
                  if (matches.test(r)) {
                    found.add(r);
                  }
                });
      }
    }
    return found;
  }

  /** Reads a topic from its start to the end that it has now. */
  public static List<ConsumerRecord<String, String>> present(
      String topic, Predicate<ConsumerRecord<String, String>> matches) {
    var found = new ArrayList<ConsumerRecord<String, String>>();
    try (var consumer =
        new KafkaConsumer<>(settings(), new StringDeserializer(), new StringDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(prefix() + topic).stream()
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer
            .poll(Duration.ofMillis(200))
            .forEach(
                r -> {
                  if (matches.test(r)) {
                    found.add(r);
                  }
                });
      }
    }
    return found;
  }

  /** Hands on what is and comes on a topic, on a thread of its own, until it is closed. */
  public static AutoCloseable follow(
      String topic, Consumer<List<ConsumerRecord<String, String>>> heard) {
    AtomicBoolean closed = new AtomicBoolean();
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name("follow-" + topic)
            .start(() -> poll(topic, heard, closed));
    return () -> {
      closed.set(true);
      thread.join();
    };
  }

  private static void poll(
      String topic, Consumer<List<ConsumerRecord<String, String>>> heard, AtomicBoolean closed) {
    try (var consumer =
        new KafkaConsumer<>(settings(), new StringDeserializer(), new StringDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(prefix() + topic).stream()
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (!closed.get()) {
        var records = new ArrayList<ConsumerRecord<String, String>>();
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
        if (!records.isEmpty()) {
          heard.accept(records);
        }
      }
    }
  }

  /** Throws away what is on a topic now, as its retention does. */
  public static void forget(String topic) {
    try (Admin admin = Admin.create(settings());
        var consumer =
            new KafkaConsumer<>(settings(), new StringDeserializer(), new StringDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(prefix() + topic).stream()
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList();
      var before = new HashMap<TopicPartition, RecordsToDelete>();
      consumer
          .endOffsets(partitions)
          .forEach((partition, end) -> before.put(partition, RecordsToDelete.beforeOffset(end)));
      admin.deleteRecords(before).all().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** A header's text, empty when it is missing. */
  public static String header(ConsumerRecord<?, ?> r, String name) {
    var header = r.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }

  private static String prefix() {
    return System.getProperty(ServiceStack.PREFIX);
  }

  private static Map<String, Object> settings() {
    var settings = new HashMap<String, Object>();
    System.getProperties()
        .forEach(
            (name, value) -> {
              if (name.toString().startsWith(ServiceStack.KAFKA)) {
                settings.put(name.toString().substring(ServiceStack.KAFKA.length()), value);
              }
            });
    return settings;
  }
}
