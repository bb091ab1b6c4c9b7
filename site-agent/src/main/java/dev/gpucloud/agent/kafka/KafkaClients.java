package dev.gpucloud.agent.kafka;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Kafka clients with the agent's guarantees: nothing lost, order kept, memory bounded. */
final class KafkaClients {
  private KafkaClients() {}

  /**
   * A consumer that commits by hand. Its static membership lets a restarted agent take over at
   * once, and fences off a second one of the same site.
   */
  static KafkaConsumer<String, byte[]> consumer(SiteSettings settings) {
    Map<String, Object> with = new HashMap<>(settings.kafka());
    with.put(ConsumerConfig.GROUP_ID_CONFIG, settings.group());
    with.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, settings.group());
    with.put(ConsumerConfig.CLIENT_ID_CONFIG, "site-agent-" + settings.site());
    with.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    with.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    with.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    with.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 500);
    with.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 4 << 20);
    with.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 10_000);
    return new KafkaConsumer<>(with, new StringDeserializer(), new ByteArrayDeserializer());
  }

  static KafkaProducer<String, byte[]> producer(SiteSettings settings) {
    Map<String, Object> with = new HashMap<>(settings.kafka());
    with.put(ProducerConfig.CLIENT_ID_CONFIG, "site-agent-" + settings.site());
    with.put(ProducerConfig.ACKS_CONFIG, "all");
    with.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    with.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 8L << 20);
    with.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
    with.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
    with.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 20_000);
    return new KafkaProducer<>(with, new StringSerializer(), new ByteArraySerializer());
  }
}
