package dev.gpucloud.tenant.feed;

import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.kit.config.KitConfig;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * Writes every event that belongs to a tenant to the feed as it is, keyed by the tenant. What was
 * read counts as read once the broker has all of it in the feed; after a failure a batch is written
 * again, so that an event may stand there twice, with the same id.
 */
@ApplicationScoped
class FeedRelay {
  private static final Logger LOG = Logger.getLogger(FeedRelay.class);
  private static final String TENANT = "ce_tenantid";
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final KafkaProducer<String, byte[]> producer;
  private final String feed;
  private final Counter relayed;

  FeedRelay(
      KitConfig config,
      @Identifier("default-kafka-broker") Map<String, Object> kafka,
      MeterRegistry meters) {
    this.feed = config.topics().prefix().orElse("") + Topics.FEED;
    this.relayed = meters.counter("gpucloud.feed.relayed");
    this.producer = producer(kafka);
  }

  private static KafkaProducer<String, byte[]> producer(Map<String, Object> kafka) {
    var settings = new HashMap<String, Object>(kafka);
    settings.put("client.id", "tenant-service-feed");
    settings.put("acks", "all");
    settings.put("enable.idempotence", true);
    settings.put("delivery.timeout.ms", 10_000);
    settings.put("request.timeout.ms", 5_000);
    settings.put("max.block.ms", 5_000);
    settings.put("linger.ms", 2);
    return new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
  }

  void stop(@Observes ShutdownEvent event) {
    producer.close(Duration.ofSeconds(2));
  }

  @Incoming("feed-sources")
  Uni<Void> relay(ConsumerRecords<String, byte[]> batch) {
    return Uni.createFrom()
        .deferred(() -> write(batch))
        // the producer may wait for the broker before it takes a record
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
        .onFailure()
        .invoke(failure -> LOG.warnf("the feed cannot be written: %s", failure.toString()))
        .onFailure()
        .retry()
        .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
        .indefinitely();
  }

  private Uni<Void> write(ConsumerRecords<String, byte[]> batch) {
    List<Uni<Void>> sent = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> record : batch) {
      Header tenant = record.headers().lastHeader(TENANT);
      if (tenant != null && record.value() != null) {
        sent.add(send(record, new String(tenant.value(), StandardCharsets.UTF_8)));
      }
    }
    relayed.increment(sent.size());
    return sent.isEmpty()
        ? Uni.createFrom().voidItem()
        : Uni.join().all(sent).andCollectFailures().replaceWithVoid();
  }

  private Uni<Void> send(ConsumerRecord<String, byte[]> record, String tenant) {
    // the time of the record is that of its writing: the feed keeps it for days from then on
    var again = new ProducerRecord<>(feed, null, tenant, record.value(), record.headers());
    return Uni.createFrom()
        .emitter(
            emitter ->
                producer.send(
                    again,
                    (done, failure) -> {
                      if (failure == null) {
                        emitter.complete(null);
                      } else {
                        emitter.fail(failure);
                      }
                    }));
  }
}
