package dev.gpucloud.billing;

import static dev.gpucloud.billing.fixture.World.count;
import static dev.gpucloud.billing.fixture.World.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.billing.fixture.World;
import dev.gpucloud.testsupport.TestDatabase;
import dev.gpucloud.testsupport.TestKafka;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Events that wait for the database wait in Kafka, not in the service's memory. */
@QuarkusTest
class BacklogIT {
  private static final int SENT = 30_000;

  /** Batches of 2,000: one being written, and three that may be read before reading pauses. */
  private static final int MOST_READ = 4 * 2_000;

  private static final Duration LONG_ENOUGH_TO_READ_ALL = Duration.ofSeconds(4);

  @Inject KafkaClientService clients;

  @Test
  void noMoreIsReadThanSomeBatches() throws Exception {
    World world = World.external();
    TestKafka.Event event = world.b200("a", 1).event("instance.started", "2026-11-02T09:00:00");
    double before = read();

    try (Connection c = TestDatabase.admin();
        Statement s = c.createStatement()) {
      c.setAutoCommit(false);
      s.execute("lock table inbox in exclusive mode");
      TestKafka.sendTimes(SENT, event);
      eventually(() -> read() > before);
      Thread.sleep(LONG_ENOUGH_TO_READ_ALL);
      assertThat(read() - before).isLessThanOrEqualTo(MOST_READ);
      c.rollback();
    }

    eventually(() -> read() - before >= SENT);
    eventually(
        () -> count("select count(*) from instance_event where event_id = '%s'", event.id()) == 1);
  }

  /** Of all consumers of the channel, as they count themselves. */
  private double read() {
    return clients.getConsumerChannels().stream()
        .filter(channel -> channel.startsWith("instances"))
        .flatMap(channel -> clients.getConsumers(channel).stream())
        .flatMap(consumer -> consumer.unwrap().metrics().values().stream())
        .filter(metric -> metric.metricName().name().equals("records-consumed-total"))
        .filter(metric -> !metric.metricName().tags().containsKey("topic"))
        .mapToDouble(metric -> (Double) metric.metricValue())
        .sum();
  }
}
