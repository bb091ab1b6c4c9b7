package dev.gpucloud.inventory.provisioning;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.HostHeartbeat;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.kit.config.KitConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/** Takes in the heartbeats of all sites; one that cannot be read is counted and let go. */
@ApplicationScoped
class HeartbeatConsumer {
  private static final Logger LOG = Logger.getLogger(HeartbeatConsumer.class);

  private final ObjectMapper json;
  private final HostSigns signs;
  private final MeterRegistry meters;
  private final String prefix;

  HeartbeatConsumer(ObjectMapper json, HostSigns signs, MeterRegistry meters, KitConfig config) {
    this.json = json;
    this.signs = signs;
    this.meters = meters;
    this.prefix = config.topics().prefix().orElse("");
  }

  @Incoming("heartbeats")
  Uni<Void> on(ConsumerRecord<String, byte[]> message) {
    try {
      HostHeartbeat heartbeat = json.readValue(message.value(), HostHeartbeat.class);
      if (message.topic().equals(prefix + Topics.heartbeats(heartbeat.site()))) {
        signs.seen(heartbeat.hostId(), heartbeat.site());
      } else {
        meters.counter("gpucloud.heartbeats.refused", "reason", "OTHER_SITE").increment();
      }
    } catch (IOException e) {
      meters.counter("gpucloud.heartbeats.refused", "reason", "UNREADABLE").increment();
      LOG.warnf("unreadable heartbeat on %s: %s", message.topic(), e.getMessage());
    }
    return Uni.createFrom().voidItem();
  }
}
