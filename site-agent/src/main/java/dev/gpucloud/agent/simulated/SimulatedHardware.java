package dev.gpucloud.agent.simulated;

import dev.gpucloud.agent.engine.Hardware;
import dev.gpucloud.contracts.event.BurnInReport;
import dev.gpucloud.contracts.event.BurnInReport.MeasuredGpu;
import dev.gpucloud.contracts.event.HostDiscovery.FoundGpu;
import dev.gpucloud.contracts.event.HostOrderFact;
import dev.gpucloud.contracts.id.HostId;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Hosts that are there because they were ordered: what a host is, and what is wrong with it,
 * follows from the seed and its serial alone.
 */
public final class SimulatedHardware implements Hardware {
  private static final double SPREAD = 0.02;
  private static final double WEAK = 0.5;

  private final SimulatedHardwareSettings settings;
  private final InstantSource business;
  private final InstantSource system;
  private final Map<HostId, Due> current = new HashMap<>();
  private final PriorityQueue<Due> timetable = new PriorityQueue<>(Comparator.comparing(Due::at));

  /** Hardware of which nothing was asked yet. */
  public SimulatedHardware(
      SimulatedHardwareSettings settings, InstantSource business, InstantSource system) {
    this.settings = settings;
    this.business = business;
    this.system = system;
  }

  private record Due(Instant at, Instant begun, HostOrderFact order) {}

  @Override
  public void look(HostOrderFact order) {
    if (!isMissing(order)) {
      schedule(order, settings.lookTime());
    }
  }

  @Override
  public void burnIn(HostOrderFact order) {
    schedule(order, settings.burnInTime());
  }

  private void schedule(HostOrderFact order, Duration time) {
    Due underWay = current.get(order.hostId());
    if (underWay != null && underWay.order().orderSequence() == order.orderSequence()) {
      return;
    }
    Due due = new Due(system.instant().plus(time), business.instant(), order);
    current.put(order.hostId(), due);
    timetable.add(due);
  }

  @Override
  public List<Answer> answers() {
    Instant now = system.instant();
    List<Answer> answers = new ArrayList<>();
    while (!timetable.isEmpty() && !timetable.element().at().isAfter(now)) {
      Due due = timetable.remove();
      if (current.remove(due.order().hostId(), due)) {
        answers.add(answer(due));
      }
    }
    return answers;
  }

  @Override
  public Optional<Instant> nextAnswer() {
    return Optional.ofNullable(timetable.peek()).map(Due::at);
  }

  private Answer answer(Due due) {
    HostOrderFact order = due.order();
    return order.desired().equals(HostOrderFact.BURNED_IN)
        ? new Answer.BurnedIn(order, measured(order, due.begun()))
        : new Answer.Found(order, gpus(order));
  }

  private List<FoundGpu> gpus(HostOrderFact order) {
    int count = isWrong(order) ? order.gpus() - 1 : order.gpus();
    List<FoundGpu> gpus = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      gpus.add(
          new FoundGpu(
              i,
              uuid(order, i),
              order.serial() + "-G" + i,
              order.model(),
              "97.00.52.00.02",
              "DISABLED",
              "OK"));
    }
    return gpus;
  }

  private static String uuid(HostOrderFact order, int position) {
    String name = order.serial() + "/" + position;
    return "GPU-" + UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }

  private BurnInReport measured(HostOrderFact order, Instant begun) {
    Nominal nominal = Nominal.of(order.model());
    SplittableRandom random = random(order, "figures");
    int weak = isWeak(order) ? random.nextInt(order.gpus()) : -1;
    List<MeasuredGpu> gpus = new ArrayList<>();
    for (int i = 0; i < order.gpus(); i++) {
      double share = i == weak ? WEAK : 1;
      gpus.add(
          new MeasuredGpu(
              i,
              uuid(order, i),
              figure(nominal.gemmTflops() * share, random),
              figure(nominal.memoryGbPerSecond(), random)));
    }
    return new BurnInReport(
        order.site(),
        order.hostId(),
        order.serial(),
        order.orderSequence(),
        begun,
        business.instant(),
        gpus,
        order.gpus() == 1 ? null : figure(nominal.ncclBusGbPerSecond(), random),
        null);
  }

  private static BigDecimal figure(double nominal, SplittableRandom random) {
    double value = nominal * (1 + SPREAD * (random.nextDouble() - 0.5));
    return BigDecimal.valueOf(value).setScale(1, RoundingMode.HALF_UP);
  }

  private boolean isMissing(HostOrderFact order) {
    return random(order, "missing").nextDouble() < settings.missingRate();
  }

  private boolean isWrong(HostOrderFact order) {
    return random(order, "wrong").nextDouble() < settings.wrongRate();
  }

  private boolean isWeak(HostOrderFact order) {
    return random(order, "weak").nextDouble() < settings.weakRate();
  }

  private SplittableRandom random(HostOrderFact order, String about) {
    UUID mark =
        UUID.nameUUIDFromBytes((order.serial() + "|" + about).getBytes(StandardCharsets.UTF_8));
    long id = mark.getMostSignificantBits() * 31 + mark.getLeastSignificantBits();
    return new SplittableRandom(settings.seed() ^ id);
  }
}
