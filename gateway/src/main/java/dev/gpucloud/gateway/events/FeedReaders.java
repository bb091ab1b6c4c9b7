package dev.gpucloud.gateway.events;

import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.gateway.events.engine.Position;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Makes readers of the feed. They belong to no group and commit nothing: positions are the
 * client's.
 */
@Singleton
class FeedReaders {
  private final Map<String, Object> kafka;
  private final String topic;
  private final int timeoutMillis;

  FeedReaders(
      @Identifier("default-kafka-broker") Map<String, Object> kafka,
      @ConfigProperty(name = "gpucloud.topics.prefix") Optional<String> prefix,
      EventsConfig config) {
    this.kafka = kafka;
    this.topic = prefix.orElse("") + Topics.FEED;
    this.timeoutMillis = (int) config.brokerTimeout().toMillis();
  }

  /** A reader of all partitions from their ends. */
  Consumer<String, byte[]> atTheEnd() {
    Consumer<String, byte[]> consumer = assigned();
    consumer.seekToEnd(consumer.assignment());
    return consumer;
  }

  /** A reader that stands at the start of whatever it will be told. */
  Consumer<String, byte[]> assigned() {
    KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(settings(), new StringDeserializer(), new ByteArrayDeserializer());
    try {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(topic, p.partition()))
              .toList();
      if (partitions.isEmpty()) {
        throw new IllegalStateException("there is no topic " + topic);
      }
      consumer.assign(partitions);
      return consumer;
    } catch (RuntimeException failure) {
      consumer.close();
      throw failure;
    }
  }

  TopicPartition partition(int number) {
    return new TopicPartition(topic, number);
  }

  /** Where the reader stands; asks the broker where it does not know. */
  static Position positionOf(Consumer<String, byte[]> consumer) {
    long[] next = new long[consumer.assignment().size()];
    consumer.assignment().forEach(p -> next[p.partition()] = consumer.position(p));
    return Position.of(next);
  }

  private Map<String, Object> settings() {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.remove("group.id");
    settings.put("client.id", "gateway-feed");
    settings.put("enable.auto.commit", false);
    settings.put("max.poll.records", 100); // sockets take some before the next come
    settings.put("auto.offset.reset", "none");
    settings.put("default.api.timeout.ms", timeoutMillis);
    settings.put("request.timeout.ms", timeoutMillis);
    return settings;
  }
}
