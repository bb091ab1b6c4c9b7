package dev.gpucloud.agent.kafka;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.agent.engine.HostReport;
import dev.gpucloud.agent.engine.Report;
import dev.gpucloud.contracts.event.BurnInReport;
import dev.gpucloud.contracts.event.ConsoleTail;
import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.GpuFault;
import dev.gpucloud.contracts.event.HostDiscovery;
import dev.gpucloud.contracts.event.HostHeartbeat;
import dev.gpucloud.contracts.event.RunReport;
import dev.gpucloud.contracts.event.SiteCapabilities;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.contracts.event.VolumeReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/** What a site sends: each call returns when Kafka acknowledged, or says what it did not. */
final class SiteOutput {
  private final String site;
  private final String prefix;
  private final String source;
  private final Producer<String, byte[]> producer;
  private final ObjectMapper json;
  private final AtomicLong heartbeatSequence;

  SiteOutput(SiteSettings settings, Producer<String, byte[]> producer, InstantSource system) {
    this.site = settings.site();
    this.prefix = settings.topicsPrefix();
    this.source = "/site-agents/" + site;
    this.producer = producer;
    this.json = settings.json();
    this.heartbeatSequence = new AtomicLong(system.instant().toEpochMilli());
  }

  /** Sends reports in order and returns how many of the first were acknowledged. */
  int send(List<Report> reports) {
    return send(reports, this::message);
  }

  /** As {@link #send} for faults. */
  int sendFaults(List<GpuFault> faults) {
    return send(faults, this::message);
  }

  /** As {@link #send} for reports about hosts. */
  int sendHosts(List<HostReport> reports) {
    return send(reports, this::message);
  }

  /** As {@link #send} for volumes that are gone. */
  int sendVolumes(List<VolumeReport> reports) {
    return send(reports, this::message);
  }

  /** Sends all heartbeats. */
  void beat(List<HostHeartbeat> heartbeats) throws IOException {
    if (send(heartbeats, this::message) < heartbeats.size()) {
      throw new IOException("heartbeats of " + site + " were not acknowledged");
    }
  }

  /** Says what the site's driver provides; answers whether Kafka has it. */
  boolean declare(SiteCapabilities declared) {
    return sendOne(site, EventTypes.CAPABILITIES_DECLARED, site, declared.at(), declared);
  }

  /** Sends what consoles end with; one that is lost is not sent again. */
  void consoles(List<ConsoleTail> tails) {
    for (ConsoleTail tail : tails) {
      sendOne(
          tail.hostId().toString(),
          EventTypes.CONSOLE_REPORTED,
          tail.runId().toString(),
          tail.at(),
          tail);
    }
  }

  private boolean sendOne(String key, String type, String subject, Instant at, Object data) {
    long sequence = heartbeatSequence.incrementAndGet();
    UUID id =
        UUID.nameUUIDFromBytes(
            (site + "|" + type + "|" + subject + "|" + sequence).getBytes(StandardCharsets.UTF_8));
    CloudEvent event =
        new CloudEvent(id.toString(), source, type, subject, at, sequence, null, null);
    try {
      return acknowledged(
              List.of(
                  producer.send(event.toRecord(prefix + Topics.reports(site), key, bytes(data)))))
          == 1;
    } catch (KafkaException e) {
      return false;
    }
  }

  /** Keeps an order that cannot be read where an operator finds it. */
  boolean deadLetter(ConsumerRecord<String, byte[]> order, String reason) {
    var letter = new ProducerRecord<>(prefix + Topics.DEAD_LETTERS, order.key(), order.value());
    order.headers().forEach(letter.headers()::add);
    letter.headers().add("dead_letter_reason", reason.getBytes(StandardCharsets.UTF_8));
    letter.headers().add("dead_letter_topic", order.topic().getBytes(StandardCharsets.UTF_8));
    try {
      return acknowledged(List.of(producer.send(letter))) == 1;
    } catch (KafkaException e) {
      return false;
    }
  }

  private <T> int send(List<T> all, Function<T, ProducerRecord<String, byte[]>> message) {
    List<Future<?>> sending = new ArrayList<>();
    try {
      for (T one : all) {
        sending.add(producer.send(message.apply(one)));
      }
    } catch (KafkaException e) {
      return acknowledged(sending);
    }
    return acknowledged(sending);
  }

  private int acknowledged(List<Future<?>> sending) {
    int count = 0;
    try {
      for (Future<?> one : sending) {
        one.get();
        count++;
      }
    } catch (ExecutionException e) {
      return count;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptException(e);
    }
    return count;
  }

  private ProducerRecord<String, byte[]> message(Report report) {
    RunReport data = report.data();
    CloudEvent event =
        new CloudEvent(
            report.id().toString(),
            source,
            EventTypes.RUN_REPORTED,
            data.runId().toString(),
            data.at(),
            data.orderSequence(),
            report.tenantId(),
            report.traceparent());
    return event.toRecord(prefix + Topics.reports(site), data.hostId().toString(), bytes(data));
  }

  /** The same fault has the same id, so that sending it again does no harm. */
  private ProducerRecord<String, byte[]> message(GpuFault data) {
    String host = data.hostId().toString();
    String what = host + "|" + data.gpu() + "|" + data.xid() + "|" + data.loggedAt();
    UUID id = UUID.nameUUIDFromBytes(what.getBytes(StandardCharsets.UTF_8));
    CloudEvent event =
        new CloudEvent(
            id.toString(), source, EventTypes.GPU_FAULTED, host, data.at(), 1, null, null);
    return event.toRecord(prefix + Topics.reports(site), host, bytes(data));
  }

  /** The same order is answered with the same id for as long as it is remembered here. */
  private ProducerRecord<String, byte[]> message(VolumeReport data) {
    String volume = data.volumeId().toString();
    String what = volume + "|" + data.observed() + "|" + data.orderSequence() + "|" + data.at();
    UUID id = UUID.nameUUIDFromBytes(what.getBytes(StandardCharsets.UTF_8));
    CloudEvent event =
        new CloudEvent(
            id.toString(),
            source,
            EventTypes.VOLUME_REPORTED,
            volume,
            data.at(),
            data.orderSequence(),
            null,
            null);
    return event.toRecord(prefix + Topics.reports(site), volume, bytes(data));
  }

  private ProducerRecord<String, byte[]> message(HostReport report) {
    return switch (report) {
      case HostReport.Discovered discovered -> {
        HostDiscovery data = discovered.data();
        yield hostMessage(
            report, EventTypes.HOST_DISCOVERED, data.serial(), data.reportSequence(), data);
      }
      case HostReport.BurnedIn burnedIn -> {
        BurnInReport data = burnedIn.data();
        yield hostMessage(
            report,
            EventTypes.HOST_BURNED_IN,
            data.hostId().toString(),
            data.orderSequence(),
            data);
      }
    };
  }

  private ProducerRecord<String, byte[]> hostMessage(
      HostReport report, String type, String key, long sequence, Object data) {
    CloudEvent event =
        new CloudEvent(
            UUID.randomUUID().toString(), source, type, key, report.at(), sequence, null, null);
    return event.toRecord(prefix + Topics.reports(site), key, bytes(data));
  }

  private ProducerRecord<String, byte[]> message(HostHeartbeat data) {
    String host = data.hostId().toString();
    long sequence = heartbeatSequence.incrementAndGet();
    UUID id =
        UUID.nameUUIDFromBytes(
            (site + "|" + host + "|" + sequence).getBytes(StandardCharsets.UTF_8));
    CloudEvent event =
        new CloudEvent(
            id.toString(), source, EventTypes.HOST_ALIVE, host, data.at(), sequence, null, null);
    return event.toRecord(prefix + Topics.heartbeats(site), host, bytes(data));
  }

  private byte[] bytes(Object data) {
    try {
      return json.writeValueAsBytes(data);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("facts are always writable", e);
    }
  }
}
