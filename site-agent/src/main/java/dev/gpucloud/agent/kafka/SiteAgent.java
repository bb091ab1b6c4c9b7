package dev.gpucloud.agent.kafka;

import dev.gpucloud.agent.engine.Applied;
import dev.gpucloud.agent.engine.Driver;
import dev.gpucloud.agent.engine.Hardware;
import dev.gpucloud.agent.engine.HostEngine;
import dev.gpucloud.agent.engine.HostReport;
import dev.gpucloud.agent.engine.Report;
import dev.gpucloud.agent.engine.SiteEngine;
import dev.gpucloud.agent.engine.Snapshot;
import dev.gpucloud.agent.http.Metrics;
import dev.gpucloud.agent.state.StateFile;
import dev.gpucloud.contracts.event.GpuFault;
import dev.gpucloud.contracts.event.SiteCapabilities;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.contracts.event.VolumeReport;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * The agent of one site. One thread takes orders, converges, writes the state to disk, reports and
 * then commits, in this order, so that a crash at any point repeats work but loses none.
 */
public final class SiteAgent implements AutoCloseable {
  private static final Logger LOG = System.getLogger(SiteAgent.class.getName());
  private static final Duration LONGEST_POLL = Duration.ofMillis(200);
  private static final Duration SHORTEST_POLL = Duration.ofMillis(5);
  private static final Duration BACKOFF = Duration.ofSeconds(1);
  private static final Duration PURGE_INTERVAL = Duration.ofMinutes(1);
  private static final Duration DECLARE_INTERVAL = Duration.ofSeconds(30);

  private final SiteSettings settings;
  private final Driver driver;
  private final InstantSource business;
  private final InstantSource system;
  private final StateFile stateFile;
  private final boolean firstStart;
  private final SiteEngine engine;
  private final Hardware hardware;
  private final HostEngine hosts;
  private final OrderReader reader;
  private final Producer<String, byte[]> producer;
  private final SiteOutput output;
  private final SiteMetrics metrics;
  private final Runnable onFatal;
  private final Map<TopicPartition, Long> catchUp = new HashMap<>();
  private final Set<TopicPartition> reread = new HashSet<>();
  private final Thread thread;

  private volatile Snapshot durable;
  private volatile boolean stopping;
  private volatile boolean ready;
  private volatile Instant lastRound;
  private volatile Consumer<String, byte[]> consumer;
  private boolean uncommitted;
  private Instant nextBeat;
  private Instant nextPurge;
  private Instant nextDeclaration;

  /** What a site agent works with. */
  public record Parts(
      Driver driver,
      Hardware hardware,
      InstantSource business,
      InstantSource system,
      StateFile stateFile,
      Metrics metrics,
      Runnable onFatal) {}

  /** Takes up the state on disk; starts with {@link #start()}. */
  public SiteAgent(SiteSettings settings, Parts parts) {
    this.settings = settings;
    this.driver = parts.driver();
    this.business = parts.business();
    this.system = parts.system();
    this.stateFile = parts.stateFile();
    this.onFatal = parts.onFatal();
    Optional<Snapshot> stored = stateFile.read();
    this.firstStart = stored.isEmpty();
    this.durable = stored.orElseGet(() -> Snapshot.empty(settings.site()));
    this.engine = new SiteEngine(durable, driver, business, system);
    this.hardware = parts.hardware();
    this.hosts = new HostEngine(settings.site(), hardware, business, system);
    this.reader = new OrderReader(settings.json());
    this.producer = KafkaClients.producer(settings);
    this.output = new SiteOutput(settings, producer, system);
    this.consumer = KafkaClients.consumer(settings);
    this.metrics = new SiteMetrics(parts.metrics(), settings.site(), () -> durable, engine);
    this.lastRound = system.instant();
    this.nextBeat = lastRound;
    this.nextPurge = lastRound;
    this.nextDeclaration = lastRound;
    this.thread = Thread.ofPlatform().name("site-" + settings.site()).unstarted(this::run);
  }

  /** Starts the site's thread. */
  public void start() {
    thread.start();
  }

  /** The site that this agent serves. */
  public String site() {
    return settings.site();
  }

  /** Whether the agent has its orders and has caught up with them. */
  public boolean ready() {
    return ready;
  }

  /** System time at which the agent last finished a round of its loop. */
  public Instant lastRound() {
    return lastRound;
  }

  /** Sends a heartbeat for every host with running runs and waits for Kafka. Any thread. */
  public void beat() throws IOException {
    output.beat(durable.heartbeats(business.instant()));
    metrics.beaten();
  }

  @Override
  public void close() {
    stopping = true;
    consumer.wakeup();
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close(Duration.ofSeconds(5));
    driver.close();
    stateFile.close();
  }

  private void run() {
    try {
      subscribe();
      while (!stopping) {
        attemptRound();
      }
      persist();
      commitAtStop();
    } catch (FencedInstanceIdException e) {
      LOG.log(Level.ERROR, "Another agent took over site " + site() + "; this one ends");
      onFatal.run();
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "The agent of site " + site() + " cannot go on", e);
      onFatal.run();
    } finally {
      ready = false;
      consumer.close();
    }
  }

  /** Saves the next start from reading again; without it the same orders are repeated. */
  private void commitAtStop() {
    try {
      consumer.commitSync(Duration.ofSeconds(3));
    } catch (KafkaException e) {
      LOG.log(Level.DEBUG, "the last offsets are not committed", e);
    }
  }

  private void subscribe() {
    String topic = settings.topicsPrefix() + Topics.orders(site());
    consumer.subscribe(List.of(topic), new Assignments());
  }

  private void attemptRound() {
    try {
      round();
    } catch (WakeupException e) {
      LOG.log(Level.DEBUG, "woken to stop");
    } catch (FencedInstanceIdException e) {
      throw e;
    } catch (KafkaException e) {
      ready = false;
      LOG.log(Level.WARNING, "Kafka refuses site {0}: {1}", site(), e.toString());
      pause(BACKOFF);
    }
  }

  private void round() {
    ConsumerRecords<String, byte[]> orders = consumer.poll(pollTime());
    orders.forEach(this::take);
    uncommitted |= !orders.isEmpty();
    if (caughtUp()) {
      carryOut();
    } else {
      ready = false;
    }
    beatWhenDue();
    lastRound = system.instant();
  }

  /** Nothing is carried out, kept or committed before all orders that were there are read. */
  private void carryOut() {
    engine.converge();
    hosts.converge();
    purgeWhenDue();
    persist();
    sendReports();
    sendFaults();
    sendHostReports();
    sendVolumeReports();
    output.consoles(engine.takeConsoles());
    declareWhenDue();
    if (uncommitted) {
      consumer.commitAsync();
      uncommitted = false;
    }
    ready = !consumer.assignment().isEmpty();
  }

  private void take(ConsumerRecord<String, byte[]> message) {
    switch (reader.read(message)) {
      case OrderReader.Reading.Readable readable -> {
        Applied applied = engine.apply(readable.order());
        metrics.order(applied.name());
        if (applied != Applied.ACCEPTED && applied != Applied.REPEATED) {
          LOG.log(Level.WARNING, "Ignored order {0}: {1}", readable.order().fact(), applied);
        }
      }
      case OrderReader.Reading.ReadableHost host -> metrics.order(hosts.apply(host.order()).name());
      case OrderReader.Reading.ReadableVolume volume ->
          metrics.order(engine.apply(volume.order()).name());
      case OrderReader.Reading.Unreadable unreadable -> reject(message, unreadable.reason());
    }
  }

  private void reject(ConsumerRecord<String, byte[]> message, String reason) {
    metrics.order(reason);
    boolean kept = output.deadLetter(message, reason);
    LOG.log(
        kept ? Level.WARNING : Level.ERROR,
        "Unreadable order at {0}-{1}@{2}: {3}{4}",
        message.topic(),
        message.partition(),
        Long.toString(message.offset()),
        reason,
        kept ? "; kept as a dead letter" : "; could not be kept as a dead letter");
  }

  private void persist() {
    if (engine.takeChanged()) {
      Snapshot next = engine.snapshot();
      stateFile.write(next);
      durable = next;
    }
  }

  private void sendReports() {
    List<Report> unsent = engine.unsent();
    if (unsent.isEmpty()) {
      return;
    }
    int sent = output.send(unsent);
    engine.sent(sent);
    metrics.reported(sent);
    if (sent < unsent.size()) {
      LOG.log(Level.WARNING, "{0} reports of {1} wait", unsent.size() - sent, site());
      pause(BACKOFF);
    }
  }

  private void sendFaults() {
    List<GpuFault> faults = engine.unsentFaults();
    if (!faults.isEmpty()) {
      engine.faultsSent(output.sendFaults(faults));
    }
  }

  private void sendHostReports() {
    List<HostReport> unsent = hosts.unsent();
    if (!unsent.isEmpty()) {
      int sent = output.sendHosts(unsent);
      hosts.sent(sent);
      metrics.reported(sent);
    }
  }

  private void sendVolumeReports() {
    List<VolumeReport> unsent = engine.unsentVolumes();
    if (!unsent.isEmpty()) {
      int sent = output.sendVolumes(unsent);
      engine.volumesSent(sent);
      metrics.reported(sent);
    }
  }

  private void beatWhenDue() {
    Instant now = system.instant();
    if (now.isBefore(nextBeat)) {
      return;
    }
    nextBeat = now.plus(settings.heartbeatInterval());
    try {
      beat();
    } catch (IOException e) {
      LOG.log(Level.WARNING, e.getMessage());
    }
  }

  /** Again from time to time: an inventory that was not there learns it too. */
  private void declareWhenDue() {
    Instant now = system.instant();
    if (now.isBefore(nextDeclaration)) {
      return;
    }
    List<String> names = driver.capabilities().stream().map(Enum::name).sorted().toList();
    boolean said =
        output.declare(new SiteCapabilities(site(), driver.name(), names, business.instant()));
    nextDeclaration = now.plus(said ? DECLARE_INTERVAL : BACKOFF);
  }

  private void purgeWhenDue() {
    Instant now = system.instant();
    if (!now.isBefore(nextPurge)) {
      nextPurge = now.plus(PURGE_INTERVAL);
      engine.forgetReleased(settings.releasedRetention(), settings.releasedKept());
    }
  }

  private boolean caughtUp() {
    catchUp.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
    return catchUp.isEmpty();
  }

  private Duration pollTime() {
    return Stream.concat(driver.nextObservation().stream(), hardware.nextAnswer().stream())
        .min(Comparator.naturalOrder())
        .map(next -> Duration.between(system.instant(), next))
        .map(wait -> wait.compareTo(SHORTEST_POLL) < 0 ? SHORTEST_POLL : wait)
        .filter(wait -> wait.compareTo(LONGEST_POLL) < 0)
        .orElse(LONGEST_POLL);
  }

  private void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopping = true;
    }
  }

  /** Notes how far the orders reach before the agent acts, and rereads all without a state. */
  private final class Assignments implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      if (firstStart) {
        consumer.seekToBeginning(partitions.stream().filter(reread::add).toList());
      }
      catchUp.putAll(consumer.endOffsets(partitions));
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      catchUp.keySet().removeAll(partitions);
      ready = false;
    }
  }
}
