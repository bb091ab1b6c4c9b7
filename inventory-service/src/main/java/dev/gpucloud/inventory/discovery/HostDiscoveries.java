package dev.gpucloud.inventory.discovery;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.HostDiscovery;
import dev.gpucloud.contracts.event.HostDiscovery.FoundGpu;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.inventory.discovery.Discrepancies.Subject;
import dev.gpucloud.inventory.discovery.FoundHosts.Known;
import dev.gpucloud.inventory.discovery.engine.Finding;
import dev.gpucloud.inventory.discovery.engine.Finding.Kind;
import dev.gpucloud.inventory.discovery.engine.Matching;
import dev.gpucloud.inventory.fleet.engine.HostAction;
import dev.gpucloud.inventory.hosts.HostMoves;
import dev.gpucloud.inventory.hosts.HostMoves.By;
import dev.gpucloud.inventory.report.SiteReportHandler;
import dev.gpucloud.kit.clock.SystemClock;
import dev.gpucloud.kit.inbox.InboundEvent;
import dev.gpucloud.kit.inbox.PoisonEventException;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/**
 * Takes in what agents find. A host that is as announced goes on towards service; whatever differs
 * becomes a discrepancy with a name. Looks that are older than the newest change nothing.
 */
@ApplicationScoped
class HostDiscoveries implements SiteReportHandler {
  private static final Logger LOG = Logger.getLogger(HostDiscoveries.class);
  private static final String ACTOR = "site-agent";
  private static final int MOST_GPUS = 64;
  private static final int LONGEST_SERIAL = 64;

  /** How far the number of a look, which counts milliseconds, may be ahead of the clock. */
  private static final Duration TOLERANCE = Duration.ofDays(1);

  private static final Set<String> MIG = Set.of("ENABLED", "DISABLED", "UNSUPPORTED");
  private static final Set<String> HEALTH = Set.of("OK", "DEGRADED", "FAILED");

  /** What a look at a host can end. */
  private static final Set<Kind> JUDGED =
      EnumSet.of(
          Kind.MISSING_HOST,
          Kind.UNKNOWN_SERIAL,
          Kind.WRONG_GPU_COUNT,
          Kind.WRONG_GPU_MODEL,
          Kind.DUPLICATE_GPU,
          Kind.UNHEALTHY_GPU);

  private final ObjectMapper json;
  private final FoundHosts hosts;
  private final Discrepancies discrepancies;
  private final HostMoves moves;
  private final DiscoveryConfig config;
  private final MeterRegistry meters;
  private final InstantSource clock;

  HostDiscoveries(
      ObjectMapper json,
      FoundHosts hosts,
      Discrepancies discrepancies,
      HostMoves moves,
      DiscoveryConfig config,
      MeterRegistry meters,
      @SystemClock InstantSource clock) {
    this.json = json;
    this.hosts = hosts;
    this.discrepancies = discrepancies;
    this.moves = moves;
    this.config = config;
    this.meters = meters;
    this.clock = clock;
  }

  @Override
  public String type() {
    return EventTypes.HOST_DISCOVERED;
  }

  @Override
  public Uni<Set<String>> accept(Mutiny.Session s, InboundEvent event) {
    HostDiscovery found = checked(event.dataAs(json, HostDiscovery.class));
    return judged(s, event, found).replaceWith(Set.of());
  }

  private Uni<Void> judged(Mutiny.Session s, InboundEvent event, HostDiscovery found) {
    if (!event.topic().equals(Topics.reports(found.site()))) {
      return refuse(found, "OTHER_TOPIC");
    }
    if (found.reportSequence() > clock.instant().plus(TOLERANCE).toEpochMilli()) {
      return refuse(found, "AHEAD_OF_CLOCK");
    }
    return hosts
        .isSite(s, found.site())
        .chain(isSite -> isSite ? look(s, found) : refuse(found, "UNKNOWN_SITE"));
  }

  private static HostDiscovery checked(HostDiscovery found) {
    boolean complete =
        found.site() != null
            && found.serial() != null
            && !found.serial().isBlank()
            && found.serial().length() <= LONGEST_SERIAL
            && found.at() != null
            && found.gpus() != null
            && found.gpus().size() <= MOST_GPUS
            && found.gpus().stream().allMatch(HostDiscoveries::isComplete);
    Set<Integer> positions = new HashSet<>();
    if (!complete || !found.gpus().stream().allMatch(gpu -> positions.add(gpu.position()))) {
      throw new PoisonEventException("a host discovery lacks fields or has a position twice");
    }
    return found;
  }

  private static boolean isComplete(FoundGpu gpu) {
    return gpu.uuid() != null
        && gpu.serial() != null
        && gpu.model() != null
        && MIG.contains(gpu.migMode())
        && HEALTH.contains(gpu.health())
        && !(gpu.serial() + gpu.uuid()).contains(",");
  }

  private Uni<Void> look(Mutiny.Session s, HostDiscovery found) {
    return hosts
        .find(s, found.serial())
        .chain(
            known -> {
              if (known.isEmpty()) {
                return discrepancies.found(
                    s,
                    new Subject(found.site(), found.serial(), null, null),
                    Matching.unknown(found));
              }
              return found.reportSequence() <= known.get().reportSequence()
                  ? refuse(found, "STALE")
                  : compare(s, known.get(), found);
            });
  }

  private Uni<Void> compare(Mutiny.Session s, Known host, HostDiscovery found) {
    return hosts
        .elsewhere(s, host.id(), found)
        .map(elsewhere -> Matching.compare(host.announced(), found, elsewhere))
        .chain(
            findings ->
                note(s, host, found, findings)
                    .chain(() -> keep(s, host, found, findings))
                    .chain(() -> goOn(s, host, findings)));
  }

  private Uni<Void> note(
      Mutiny.Session s, Known host, HostDiscovery found, List<Finding> findings) {
    Subject subject = new Subject(found.site(), found.serial(), host.id(), host.delivery());
    Set<Kind> gone = EnumSet.copyOf(JUDGED);
    Uni<Void> done = Uni.createFrom().voidItem();
    for (Finding finding : findings) {
      gone.remove(finding.kind());
      done = done.chain(() -> discrepancies.found(s, subject, finding));
    }
    return done.chain(
            () ->
                discrepancies.resolved(s, found.serial(), gone, "A later look found it in order."))
        .replaceWithVoid();
  }

  /** A look at another site says nothing of the host that belongs here. */
  private Uni<Void> keep(
      Mutiny.Session s, Known host, HostDiscovery found, List<Finding> findings) {
    if (has(findings, Kind.OTHER_SITE)) {
      return Uni.createFrom().voidItem();
    }
    boolean storable = !has(findings, Kind.DUPLICATE_GPU) && !has(findings, Kind.WRONG_GPU_COUNT);
    return hosts
        .looked(s, host.id(), found)
        .chain(() -> storable ? hosts.keep(s, host.id(), found) : Uni.createFrom().voidItem());
  }

  private static boolean has(List<Finding> findings, Kind kind) {
    return findings.stream().anyMatch(finding -> finding.kind() == kind);
  }

  private Uni<Void> goOn(Mutiny.Session s, Known host, List<Finding> findings) {
    boolean blocked = findings.stream().anyMatch(finding -> finding.kind().blocks());
    if (blocked || !host.state().equals("EXPECTED")) {
      return Uni.createFrom().voidItem();
    }
    By by = new By(ACTOR, "FOUND");
    Uni<?> moved = moves.move(s, host.id(), HostAction.DISCOVER, by);
    if (config.burnInAtOnce()) {
      moved =
          moved.chain(
              () ->
                  moves.move(s, host.id(), HostAction.BEGIN_ACCEPTANCE, new By(ACTOR, "BURN_IN")));
    }
    return moved.chain(() -> hosts.wish(s, host.id(), config.burnInAtOnce()));
  }

  private Uni<Void> refuse(HostDiscovery found, String why) {
    meters.counter("gpucloud.discoveries.refused", "reason", why).increment();
    LOG.infof("refused look at %s from %s: %s", found.serial(), found.site(), why);
    return Uni.createFrom().voidItem();
  }
}
